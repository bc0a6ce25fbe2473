use super::prelude::*;

/// Reserves a block of producer ids for a broker to hand out (KIP-730).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 67, versions = "0", flexible = "0+", broker = "controller")]
pub struct AllocateProducerIdsRequest {
    pub broker_id: i32,
    /// From the registration; -1: none.
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    pub unknown_tags: UnknownTags,
}

/// The block.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 67, versions = "0", flexible = "0+")]
pub struct AllocateProducerIdsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// The first id.
    pub producer_id_start: i64,
    /// How many ids there are.
    pub producer_id_len: i32,
    pub unknown_tags: UnknownTags,
}
