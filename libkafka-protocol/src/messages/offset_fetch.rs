use super::prelude::*;

/// Asks the coordinator how far consumer groups have read.
///
/// - v2 allows null `topics` (KIP-88)
/// - v6 is the first flexible version (KIP-482)
/// - v7 adds `require_stable` (KIP-447)
/// - v8 asks for several groups at once: `groups` replaces `group_id` and `topics` (KIP-709)
/// - v9 adds `member_id` and `member_epoch` (KIP-848)
/// - v10 names topics by id (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 9,
    versions = "1-10",
    flexible = "6+",
    broker = "group_coordinator"
)]
pub struct OffsetFetchRequest {
    #[kafka(versions = "0-7")]
    pub group_id: String,
    /// Null: everything that the group has committed.
    #[kafka(versions = "0-7", nullable = "2-7", default = [])]
    pub topics: Option<Vec<OffsetFetchRequestTopic>>,
    #[kafka(versions = "8+")]
    pub groups: Vec<OffsetFetchRequestGroup>,
    /// Whether a partition with a commit pending in a transaction gets UNSTABLE_OFFSET_COMMIT
    /// rather than its older offset.
    #[kafka(versions = "7+")]
    pub require_stable: bool,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions asked for, up to v7.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchRequestTopic {
    pub name: String,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// A group and what to fetch of it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchRequestGroup {
    pub group_id: String,
    /// Null: from outside the group.
    #[kafka(versions = "9+", ignorable)]
    pub member_id: Option<String>,
    /// -1: from outside the group, or a classic group.
    #[kafka(versions = "9+", default = -1, ignorable)]
    pub member_epoch: i32,
    /// Null: everything that the group has committed.
    #[kafka(default = [])]
    pub topics: Option<Vec<OffsetFetchRequestTopics>>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions asked for, from v8 on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchRequestTopics {
    #[kafka(versions = "8-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The committed offset of each partition.
///
/// - v2 adds `error_code` at the top (KIP-88)
/// - v3 adds `throttle_time_ms` (KIP-124)
/// - v4 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v5 adds `committed_leader_epoch` (KIP-320)
/// - v6 is the first flexible version (KIP-482)
/// - v7 may carry UNSTABLE_OFFSET_COMMIT (KIP-447)
/// - v8 answers for several groups: `groups` replaces `topics` and `error_code` (KIP-709)
/// - v9 may carry STALE_MEMBER_EPOCH and UNKNOWN_MEMBER_ID (KIP-848)
/// - v10 names topics by id and may carry UNKNOWN_TOPIC_ID (KIP-848)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 9, versions = "1-10", flexible = "6+")]
pub struct OffsetFetchResponse {
    #[kafka(versions = "3+", ignorable)]
    pub throttle_time_ms: i32,
    #[kafka(versions = "0-7")]
    pub topics: Vec<OffsetFetchResponseTopic>,
    #[kafka(versions = "2-7", ignorable)]
    pub error_code: ErrorCode,
    #[kafka(versions = "8+")]
    pub groups: Vec<OffsetFetchResponseGroup>,
    pub unknown_tags: UnknownTags,
}

/// The offsets of one topic, up to v7.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchResponseTopic {
    pub name: String,
    pub partitions: Vec<OffsetFetchResponsePartition>,
    pub unknown_tags: UnknownTags,
}

/// The committed offset of one partition, up to v7.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchResponsePartition {
    pub partition_index: i32,
    /// The offset of the next record to read; -1: nothing committed.
    pub committed_offset: i64,
    /// -1: unknown.
    #[kafka(versions = "5-7", default = -1, ignorable)]
    pub committed_leader_epoch: i32,
    /// Free text that came with the commit.
    #[kafka(default = "")]
    pub metadata: Option<String>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}

/// The offsets of one group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchResponseGroup {
    pub group_id: String,
    pub topics: Vec<OffsetFetchResponseTopics>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}

/// The offsets of one topic, from v8 on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchResponseTopics {
    #[kafka(versions = "8-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetFetchResponsePartitions>,
    pub unknown_tags: UnknownTags,
}

/// The committed offset of one partition, from v8 on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetFetchResponsePartitions {
    pub partition_index: i32,
    /// The offset of the next record to read; -1: nothing committed.
    pub committed_offset: i64,
    /// -1: unknown.
    #[kafka(default = -1)]
    pub committed_leader_epoch: i32,
    /// Free text that came with the commit.
    #[kafka(default = "")]
    pub metadata: Option<String>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
