use super::prelude::*;

/// Asks the coordinator for the state and the members of classic groups.
///
/// - v3 adds `include_authorized_operations` (KIP-430)
/// - v5 is the first flexible version (KIP-482)
/// - v6 accepts GROUP_ID_NOT_FOUND in the response (KIP-1043)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 15,
    versions = "0-6",
    flexible = "5+",
    broker = "group_coordinator"
)]
pub struct DescribeGroupsRequest {
    pub groups: Vec<String>,
    #[kafka(versions = "3+")]
    pub include_authorized_operations: bool,
    pub unknown_tags: UnknownTags,
}

/// State and members of each group.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 adds `authorized_operations` (KIP-430)
/// - v4 adds `group_instance_id` (KIP-345)
/// - v5 is the first flexible version (KIP-482)
/// - v6 adds `error_message`, and a missing group is GROUP_ID_NOT_FOUND where it was a group in
///   state `Dead` (KIP-1043)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 15, versions = "0-6", flexible = "5+")]
pub struct DescribeGroupsResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
    pub unknown_tags: UnknownTags,
}

/// A classic group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroup {
    pub error_code: ErrorCode,
    #[kafka(versions = "6+")]
    pub error_message: Option<String>,
    pub group_id: String,
    /// Such as `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty` or `Dead`; empty on
    /// error.
    pub group_state: String,
    /// What kind of group this is, such as `consumer`.
    pub protocol_type: String,
    /// The assignment strategy in use; empty while the group is not stable.
    pub protocol_data: String,
    pub members: Vec<DescribedGroupMember>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(versions = "3+", default = -2147483648)]
    pub authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

/// A member of a classic group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroupMember {
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "4+", ignorable)]
    pub group_instance_id: Option<String>,
    pub client_id: String,
    /// The address that the member connects from.
    pub client_host: String,
    /// What the member sent when it joined; empty while the group is not stable.
    pub member_metadata: Bytes,
    /// The share of the member; empty while the group is not stable.
    pub member_assignment: Bytes,
    pub unknown_tags: UnknownTags,
}
