use super::prelude::*;

/// Makes the offsets of a consumer group a part of an open transaction. TxnOffsetCommit follows it,
/// and does without it from v5 on.
///
/// - v2 accepts PRODUCER_FENCED in the response (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 25,
    versions = "0-4",
    flexible = "3+",
    broker = "transaction_coordinator"
)]
pub struct AddOffsetsToTxnRequest {
    pub transactional_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub group_id: String,
    pub unknown_tags: UnknownTags,
}

/// Says whether the group was added.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 may carry PRODUCER_FENCED (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 may carry TRANSACTION_ABORTABLE (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 25, versions = "0-4", flexible = "3+")]
pub struct AddOffsetsToTxnResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
