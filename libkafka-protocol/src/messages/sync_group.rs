use super::prelude::*;

/// Collects the assignment of a classic group: the leader sends what it computed, every other
/// member an empty list, and the coordinator answers each with its share.
///
/// - v3 adds `group_instance_id` (KIP-345)
/// - v4 is the first flexible version (KIP-482)
/// - v5 adds `protocol_type` and `protocol_name`, which must match the group's (KIP-559)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 14,
    versions = "0-5",
    flexible = "4+",
    broker = "group_coordinator"
)]
pub struct SyncGroupRequest {
    pub group_id: String,
    pub generation_id: i32,
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "3+")]
    pub group_instance_id: Option<String>,
    /// Null: no check.
    #[kafka(versions = "5+", ignorable)]
    pub protocol_type: Option<String>,
    /// Null: no check.
    #[kafka(versions = "5+", ignorable)]
    pub protocol_name: Option<String>,
    /// Empty from all but the leader.
    pub assignments: Vec<SyncGroupRequestAssignment>,
    pub unknown_tags: UnknownTags,
}

/// The share of one member.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SyncGroupRequestAssignment {
    pub member_id: String,
    /// For consumers a [`ConsumerProtocolAssignment`](super::ConsumerProtocolAssignment) after an
    /// int16 version, which its `to_bytes` and `from_bytes` handle.
    pub assignment: Bytes,
    pub unknown_tags: UnknownTags,
}

/// Hands a member its share of the assignment.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 may carry FENCED_INSTANCE_ID (KIP-345)
/// - v4 is the first flexible version (KIP-482)
/// - v5 adds `protocol_type` and `protocol_name` (KIP-559)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 14, versions = "0-5", flexible = "4+")]
pub struct SyncGroupResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_type: Option<String>,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_name: Option<String>,
    /// As the leader sent it for this member.
    pub assignment: Bytes,
    pub unknown_tags: UnknownTags,
}
