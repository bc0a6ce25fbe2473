use super::prelude::*;

/// Asks any broker which broker coordinates a group, a transactional id or a share partition.
///
/// - v1 adds `key_type`, for transactions beside groups (KIP-98)
/// - v3 is the first flexible version (KIP-482)
/// - v4 asks for several at once: `coordinator_keys` replaces `key` (KIP-699)
/// - v5 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
/// - v6 allows key type 2 (KIP-932)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 10, versions = "0-6", flexible = "3+")]
pub struct FindCoordinatorRequest {
    /// The group id or transactional id.
    #[kafka(versions = "0-3")]
    pub key: String,
    /// 0: group; 1: transaction; 2: share partition.
    #[kafka(versions = "1+")]
    pub key_type: i8,
    /// Group ids, transactional ids, or `groupId:topicId:partition` for share partitions.
    #[kafka(versions = "4+")]
    pub coordinator_keys: Vec<String>,
    pub unknown_tags: UnknownTags,
}

/// Names the coordinator and where it listens. COORDINATOR_NOT_AVAILABLE means: ask again soon.
///
/// - v1 adds `throttle_time_ms` and `error_message` (KIP-98, KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 is the first flexible version (KIP-482)
/// - v4 answers for several keys: `coordinators` replaces the fields of a single answer
///   (KIP-699)
/// - v5 may carry TRANSACTION_ABORTABLE (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 10, versions = "0-6", flexible = "3+")]
pub struct FindCoordinatorResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    #[kafka(versions = "0-3")]
    pub error_code: ErrorCode,
    #[kafka(versions = "1-3", default = "", ignorable)]
    pub error_message: Option<String>,
    /// -1 on error.
    #[kafka(versions = "0-3")]
    pub node_id: i32,
    #[kafka(versions = "0-3")]
    pub host: String,
    #[kafka(versions = "0-3")]
    pub port: i32,
    #[kafka(versions = "4+")]
    pub coordinators: Vec<Coordinator>,
    pub unknown_tags: UnknownTags,
}

/// The coordinator of one key.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Coordinator {
    pub key: String,
    /// -1 on error.
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
