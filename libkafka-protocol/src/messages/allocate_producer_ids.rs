use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 67, versions = "0", flexible = "0+", broker = "controller")]
pub struct AllocateProducerIdsRequest {
    pub broker_id: i32,
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 67, versions = "0", flexible = "0+")]
pub struct AllocateProducerIdsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub producer_id_start: i64,
    pub producer_id_len: i32,
    pub unknown_tags: UnknownTags,
}
