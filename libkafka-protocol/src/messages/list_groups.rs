use super::prelude::*;

/// Asks one broker for the groups that it coordinates. For all groups of a cluster, ask every
/// broker.
///
/// - v3 is the first flexible version (KIP-482)
/// - v4 adds `states_filter` (KIP-518)
/// - v5 adds `types_filter` (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 16, versions = "0-5", flexible = "3+")]
pub struct ListGroupsRequest {
    /// Names of states; empty: all.
    #[kafka(versions = "4+")]
    pub states_filter: Vec<String>,
    /// Names of group types, such as `consumer` or `classic`; empty: all.
    #[kafka(versions = "5+")]
    pub types_filter: Vec<String>,
    pub unknown_tags: UnknownTags,
}

/// The groups that one broker coordinates.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 is the first flexible version (KIP-482)
/// - v4 adds `group_state` (KIP-518)
/// - v5 adds `group_type` (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 16, versions = "0-5", flexible = "3+")]
pub struct ListGroupsResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub groups: Vec<ListedGroup>,
    pub unknown_tags: UnknownTags,
}

/// A group in brief.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListedGroup {
    pub group_id: String,
    pub protocol_type: String,
    #[kafka(versions = "4+", ignorable)]
    pub group_state: String,
    #[kafka(versions = "5+", ignorable)]
    pub group_type: String,
    pub unknown_tags: UnknownTags,
}
