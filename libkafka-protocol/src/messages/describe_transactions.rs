use super::prelude::*;

/// Asks the coordinator for the state of transactional ids (KIP-664).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 65,
    versions = "0",
    flexible = "0+",
    broker = "transaction_coordinator"
)]
pub struct DescribeTransactionsRequest {
    /// Empty: none.
    pub transactional_ids: Vec<String>,
    pub unknown_tags: UnknownTags,
}

/// The state of each transactional id.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 65, versions = "0", flexible = "0+")]
pub struct DescribeTransactionsResponse {
    pub throttle_time_ms: i32,
    pub transaction_states: Vec<TransactionState>,
    pub unknown_tags: UnknownTags,
}

/// A transactional id and its transaction.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TransactionState {
    pub error_code: ErrorCode,
    pub transactional_id: String,
    /// Such as `Empty`, `Ongoing`, `PrepareCommit` or `CompleteAbort`.
    pub transaction_state: String,
    pub transaction_timeout_ms: i32,
    /// Milliseconds since the epoch; -1: none is open.
    pub transaction_start_time_ms: i64,
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// The partitions of the transaction; while it ends, those that have no marker yet.
    pub topics: Vec<TopicData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicData {
    pub topic: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}
