use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 26,
    versions = "0-5",
    flexible = "3+",
    broker = "transaction_coordinator"
)]
pub struct EndTxnRequest {
    pub transactional_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub committed: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 26, versions = "0-5", flexible = "3+")]
pub struct EndTxnResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub producer_id: i64,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub producer_epoch: i16,
    pub unknown_tags: UnknownTags,
}
