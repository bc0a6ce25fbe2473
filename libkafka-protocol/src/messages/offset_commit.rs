use super::prelude::*;

/// Stores how far a consumer group has read. A member sends it to the group's coordinator; an admin
/// tool may send it for a group without members.
///
/// - v5 drops `retention_time_ms`: the broker alone decides (KIP-211)
/// - v6 adds `committed_leader_epoch` (KIP-320)
/// - v7 adds `group_instance_id` (KIP-345)
/// - v8 is the first flexible version (KIP-482)
/// - v9 serves members of the consumer protocol too (KIP-848)
/// - v10 names topics by id (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 8,
    versions = "2-10",
    flexible = "8+",
    broker = "group_coordinator"
)]
pub struct OffsetCommitRequest {
    pub group_id: String,
    /// The generation of a classic group, or the epoch of a member of the consumer protocol; -1:
    /// from outside the group.
    #[kafka(default = -1)]
    pub generation_id_or_member_epoch: i32,
    /// Empty: from outside the group.
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "7+")]
    pub group_instance_id: Option<String>,
    /// Milliseconds to keep the offsets; -1: as configured on the broker.
    #[kafka(versions = "2-4", default = -1, ignorable)]
    pub retention_time_ms: i64,
    pub topics: Vec<OffsetCommitRequestTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the offsets of its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitRequestTopic {
    #[kafka(versions = "0-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetCommitRequestPartition>,
    pub unknown_tags: UnknownTags,
}

/// The position in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitRequestPartition {
    pub partition_index: i32,
    /// The offset of the next record to read.
    pub committed_offset: i64,
    /// The epoch of the last record read; -1: unknown.
    #[kafka(versions = "6+", default = -1, ignorable)]
    pub committed_leader_epoch: i32,
    /// Free text, given back with the offset.
    #[kafka(default = "")]
    pub committed_metadata: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether its offset was stored.
///
/// - v3 adds `throttle_time_ms` (KIP-124)
/// - v4 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v8 is the first flexible version (KIP-482)
/// - v9 may carry STALE_MEMBER_EPOCH and GROUP_ID_NOT_FOUND (KIP-848)
/// - v10 names topics by id and may carry UNKNOWN_TOPIC_ID (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 8, versions = "2-10", flexible = "8+")]
pub struct OffsetCommitResponse {
    #[kafka(versions = "3+", ignorable)]
    pub throttle_time_ms: i32,
    pub topics: Vec<OffsetCommitResponseTopic>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitResponseTopic {
    #[kafka(versions = "0-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetCommitResponsePartition>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
