use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 22,
    versions = "0-6",
    flexible = "2+",
    broker = "transaction_coordinator"
)]
pub struct InitProducerIdRequest {
    #[kafka(default = "")]
    pub transactional_id: Option<String>,
    pub transaction_timeout_ms: i32,
    #[kafka(versions = "3+", default = -1)]
    pub producer_id: i64,
    #[kafka(versions = "3+", default = -1)]
    pub producer_epoch: i16,
    #[kafka(versions = "6+")]
    pub enable2_pc: bool,
    #[kafka(versions = "6+")]
    pub keep_prepared_txn: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 22, versions = "0-6", flexible = "2+")]
pub struct InitProducerIdResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = -1)]
    pub producer_id: i64,
    pub producer_epoch: i16,
    #[kafka(versions = "6+", default = -1)]
    pub ongoing_txn_producer_id: i64,
    #[kafka(versions = "6+", default = -1)]
    pub ongoing_txn_producer_epoch: i16,
    pub unknown_tags: UnknownTags,
}
