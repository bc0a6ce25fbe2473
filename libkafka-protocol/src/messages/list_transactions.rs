use super::prelude::*;

/// Asks one broker for the transactional ids that it coordinates. For all of a cluster, ask every
/// broker (KIP-664).
///
/// - v1 adds `duration_filter` (KIP-994)
/// - v2 adds `transactional_id_pattern` (KIP-1152)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 66, versions = "0-2", flexible = "0+")]
pub struct ListTransactionsRequest {
    /// Names of states; empty: all.
    pub state_filters: Vec<String>,
    /// Empty: all.
    pub producer_id_filters: Vec<i64>,
    /// Milliseconds that a transaction must have been open at least; below zero: all.
    #[kafka(versions = "1+", default = -1)]
    pub duration_filter: i64,
    /// A regular expression; null or empty: all.
    #[kafka(versions = "2+")]
    pub transactional_id_pattern: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// The transactional ids that one broker coordinates.
///
/// - v2 may carry INVALID_REGULAR_EXPRESSION (KIP-1152)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 66, versions = "0-2", flexible = "0+")]
pub struct ListTransactionsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// The states in the request that the broker does not know.
    pub unknown_state_filters: Vec<String>,
    pub transaction_states: Vec<TransactionState>,
    pub unknown_tags: UnknownTags,
}

/// A transactional id in brief.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TransactionState {
    pub transactional_id: String,
    pub producer_id: i64,
    pub transaction_state: String,
    pub unknown_tags: UnknownTags,
}
