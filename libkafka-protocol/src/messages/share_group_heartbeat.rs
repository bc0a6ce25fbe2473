use super::prelude::*;

/// Joins, keeps alive and leaves a share group, all in one (KIP-932). Its only version is 1; 0 was
/// an early preview.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 76,
    versions = "1",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct ShareGroupHeartbeatRequest {
    pub group_id: String,
    /// A uuid that the consumer keeps for as long as it runs.
    pub member_id: String,
    /// The last epoch received; 0: join; -1: leave.
    pub member_epoch: i32,
    /// Null: unchanged, or none.
    pub rack_id: Option<String>,
    /// Null: unchanged.
    pub subscribed_topic_names: Option<Vec<String>>,
    pub unknown_tags: UnknownTags,
}

/// The member's epoch and, when it has changed, its assignment.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 76, versions = "1", flexible = "0+")]
pub struct ShareGroupHeartbeatResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub member_id: Option<String>,
    /// For the next heartbeat.
    pub member_epoch: i32,
    /// Milliseconds to wait before the next heartbeat.
    pub heartbeat_interval_ms: i32,
    /// All partitions that the member is to read, which others may read too; null: unchanged.
    pub assignment: Option<Assignment>,
    pub unknown_tags: UnknownTags,
}

/// The partitions of a member.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Assignment {
    pub topic_partitions: Vec<TopicPartitions>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartitions {
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}
