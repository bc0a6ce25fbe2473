use super::prelude::*;

/// Asks a leader where a leader epoch ended in its log. Followers and consumers use it after a
/// change of leader, to find out whether what they have read has been truncated since (KIP-101,
/// KIP-320).
///
/// - v3 adds `replica_id`; from here on the right to describe the topic is enough (KIP-320)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 23, versions = "2-4", flexible = "4+", broker = "leader")]
pub struct OffsetForLeaderEpochRequest {
    /// The id of a follower; -1: a consumer; -2: a debugging tool, which sees beyond the high
    /// watermark.
    #[kafka(versions = "3+", default = -2, ignorable)]
    pub replica_id: i32,
    pub topics: Vec<OffsetForLeaderTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to look into.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetForLeaderTopic {
    pub topic: String,
    pub partitions: Vec<OffsetForLeaderPartition>,
    pub unknown_tags: UnknownTags,
}

/// The epoch to look for in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetForLeaderPartition {
    pub partition: i32,
    /// The leader epoch that the sender knows, checked against that of the leader; -1: no check.
    #[kafka(default = -1)]
    pub current_leader_epoch: i32,
    /// The epoch whose end is wanted.
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// The end of the epoch in each partition.
///
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 23, versions = "2-4", flexible = "4+")]
pub struct OffsetForLeaderEpochResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<OffsetForLeaderTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The answers for one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetForLeaderTopicResult {
    pub topic: String,
    pub partitions: Vec<EpochEndOffset>,
    pub unknown_tags: UnknownTags,
}

/// The answer for one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct EpochEndOffset {
    pub error_code: ErrorCode,
    pub partition: i32,
    /// The greatest epoch in the log that is not above the one asked for; -1: unknown.
    #[kafka(default = -1)]
    pub leader_epoch: i32,
    /// The offset after the last record of that epoch; -1: unknown.
    #[kafka(default = -1)]
    pub end_offset: i64,
    pub unknown_tags: UnknownTags,
}
