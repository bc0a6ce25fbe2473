use super::prelude::*;

/// Deletes groups that have no members, and their offsets (KIP-229).
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 accepts GROUP_DELETION_FAILED and error messages in the response (KIP-1331)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 42,
    versions = "0-3",
    flexible = "2+",
    broker = "group_coordinator"
)]
pub struct DeleteGroupsRequest {
    pub groups_names: Vec<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each group whether it was deleted.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `error_message` and may carry GROUP_DELETION_FAILED (KIP-1331)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 42, versions = "0-3", flexible = "2+")]
pub struct DeleteGroupsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<DeletableGroupResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeletableGroupResult {
    pub group_id: String,
    pub error_code: ErrorCode,
    #[kafka(versions = "3+", ignorable)]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
