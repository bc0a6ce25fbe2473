use super::prelude::*;

/// Commits or aborts the open transaction of a producer. The coordinator answers once the outcome
/// is recorded, and writes the markers to the partitions afterwards.
///
/// - v2 accepts PRODUCER_FENCED in the response (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
/// - v5 raises the producer's epoch with each transaction (KIP-890)
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
    /// True: commit; false: abort.
    pub committed: bool,
    pub unknown_tags: UnknownTags,
}

/// Says whether the outcome is recorded.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 may carry PRODUCER_FENCED (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 may carry TRANSACTION_ABORTABLE (KIP-890)
/// - v5 adds `producer_id` and `producer_epoch`, for the next transaction (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 26, versions = "0-5", flexible = "3+")]
pub struct EndTxnResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// -1 on error.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub producer_id: i64,
    /// -1 on error.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub producer_epoch: i16,
    pub unknown_tags: UnknownTags,
}
