use super::prelude::*;

/// Removes members from a classic group at once, rather than by their session timeout.
///
/// - v3 removes several members, static ones by `group_instance_id` too: `members` replaces
///   `member_id` (KIP-345)
/// - v4 is the first flexible version (KIP-482)
/// - v5 adds `reason` (KIP-800)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 13,
    versions = "0-5",
    flexible = "4+",
    broker = "group_coordinator"
)]
pub struct LeaveGroupRequest {
    pub group_id: String,
    #[kafka(versions = "0-2")]
    pub member_id: String,
    #[kafka(versions = "3+")]
    pub members: Vec<MemberIdentity>,
    pub unknown_tags: UnknownTags,
}

/// A member that leaves.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MemberIdentity {
    /// Empty: look for `group_instance_id` alone.
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    pub group_instance_id: Option<String>,
    /// Why the member leaves, for the broker's log.
    #[kafka(versions = "5+", ignorable)]
    pub reason: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each member whether it was removed.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 adds `members` (KIP-345)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 13, versions = "0-5", flexible = "4+")]
pub struct LeaveGroupResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(versions = "3+")]
    pub members: Vec<MemberResponse>,
    pub unknown_tags: UnknownTags,
}

/// The result of one member.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MemberResponse {
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(default = "")]
    pub group_instance_id: Option<String>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
