use super::prelude::*;

/// Tells the coordinator of a classic group that a member is alive.
///
/// - v3 adds `group_instance_id` (KIP-345)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 12,
    versions = "0-4",
    flexible = "4+",
    broker = "group_coordinator"
)]
pub struct HeartbeatRequest {
    pub group_id: String,
    pub generation_id: i32,
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "3+")]
    pub group_instance_id: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says whether the member may continue. REBALANCE_IN_PROGRESS means: join again.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 may carry FENCED_INSTANCE_ID (KIP-345)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 12, versions = "0-4", flexible = "4+")]
pub struct HeartbeatResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
