use super::prelude::*;

/// Joins a classic group, or joins it again in a rebalance. The coordinator holds the answer back
/// until all members have joined or the rebalance timeout is over.
///
/// - v1 adds `rebalance_timeout_ms` (KIP-62)
/// - v4 accepts MEMBER_ID_REQUIRED in the response: a new member is given its id first and joins
///   with that (KIP-394)
/// - v5 adds `group_instance_id` (KIP-345)
/// - v6 is the first flexible version (KIP-482)
/// - v8 adds `reason` (KIP-800)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 11,
    versions = "0-9",
    flexible = "6+",
    broker = "group_coordinator"
)]
pub struct JoinGroupRequest {
    pub group_id: String,
    /// Milliseconds without a heartbeat after which the member is removed.
    pub session_timeout_ms: i32,
    /// Milliseconds that each member has for joining again in a rebalance; -1 means as many
    /// as `session_timeout_ms`.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub rebalance_timeout_ms: i32,
    /// Empty: a new member.
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "5+")]
    pub group_instance_id: Option<String>,
    /// What kind of group this is, such as `consumer` or `connect`; the same for all members.
    pub protocol_type: String,
    /// The assignment strategies that the member knows, the preferred one first.
    pub protocols: Vec<JoinGroupRequestProtocol>,
    /// Why the member joins, for the broker's log.
    #[kafka(versions = "8+", ignorable)]
    pub reason: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// An assignment strategy that a member knows.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct JoinGroupRequestProtocol {
    pub name: String,
    /// What the leader needs to know about the member. For consumers a
    /// [`ConsumerProtocolSubscription`](super::ConsumerProtocolSubscription) after an int16
    /// version, which its `to_bytes` and `from_bytes` handle.
    pub metadata: Bytes,
    pub unknown_tags: UnknownTags,
}

/// Tells a member its id and generation. The leader alone also gets the list of members, in order
/// to compute the assignment.
///
/// - v2 adds `throttle_time_ms` (KIP-124)
/// - v3 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v4 may carry MEMBER_ID_REQUIRED (KIP-394)
/// - v5 adds `group_instance_id` to the members (KIP-345)
/// - v6 is the first flexible version (KIP-482)
/// - v7 adds `protocol_type` and lets `protocol_name` be null (KIP-559)
/// - v9 adds `skip_assignment` (KIP-814)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 11, versions = "0-9", flexible = "6+")]
pub struct JoinGroupResponse {
    #[kafka(versions = "2+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// Increases by one with each rebalance; -1 on error.
    #[kafka(default = -1)]
    pub generation_id: i32,
    #[kafka(versions = "7+", ignorable)]
    pub protocol_type: Option<String>,
    /// The strategy that all members share; null on error.
    #[kafka(nullable = "7+", default = "")]
    pub protocol_name: Option<String>,
    /// The member id of the leader.
    pub leader: String,
    /// Whether the leader is to send no assignment, since the old one still stands.
    #[kafka(versions = "9+")]
    pub skip_assignment: bool,
    pub member_id: String,
    /// Empty for all but the leader.
    pub members: Vec<JoinGroupResponseMember>,
    pub unknown_tags: UnknownTags,
}

/// A member, as the leader sees it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct JoinGroupResponseMember {
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "5+", ignorable)]
    pub group_instance_id: Option<String>,
    /// What the member sent with the chosen protocol.
    pub metadata: Bytes,
    pub unknown_tags: UnknownTags,
}
