use super::prelude::*;

/// Asks a partition leader for the first record at or after a timestamp, or for one end of the log.
///
/// - v2 adds `isolation_level` (KIP-98)
/// - v4 adds `current_leader_epoch` (KIP-320)
/// - v5 accepts OFFSET_NOT_AVAILABLE in the response (KIP-207)
/// - v6 is the first flexible version (KIP-482)
/// - v7 allows timestamp -3 (KIP-734)
/// - v8 allows timestamp -4 (KIP-405)
/// - v9 allows timestamp -5 (KIP-1005)
/// - v10 adds `timeout_ms`, for answers that have to be looked up in remote storage (KIP-1075)
/// - v11 allows timestamp -6 (KIP-1023)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 2, versions = "1-11", flexible = "6+", broker = "leader")]
pub struct ListOffsetsRequest {
    /// The id of a follower; -1: a consumer; -2: a debugging tool.
    pub replica_id: i32,
    /// With 1, the end of the log is the last stable offset.
    #[kafka(versions = "2+")]
    pub isolation_level: i8,
    pub topics: Vec<ListOffsetsTopic>,
    /// Milliseconds the broker may spend on a read from remote storage.
    #[kafka(versions = "10+", ignorable)]
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to look into.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsTopic {
    pub name: String,
    pub partitions: Vec<ListOffsetsPartition>,
    pub unknown_tags: UnknownTags,
}

/// What to look for in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsPartition {
    pub partition_index: i32,
    /// The leader epoch that the sender knows, checked against that of the leader; -1: no check.
    #[kafka(versions = "4+", default = -1, ignorable)]
    pub current_leader_epoch: i32,
    /// Milliseconds since the epoch, or one of: -1 the end of the log, -2 its start, -3 the record
    /// with the greatest timestamp, -4 the start of what the broker holds locally, -5 the last
    /// offset in remote storage, -6 the first offset not uploaded yet.
    pub timestamp: i64,
    pub unknown_tags: UnknownTags,
}

/// The offset found in each partition.
///
/// - v2 adds `throttle_time_ms` (KIP-124)
/// - v3 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v4 adds `leader_epoch` (KIP-320)
/// - v5 may carry OFFSET_NOT_AVAILABLE, while a new leader does not know its high watermark yet
///   (KIP-207)
/// - v6 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 2, versions = "1-11", flexible = "6+")]
pub struct ListOffsetsResponse {
    #[kafka(versions = "2+", ignorable)]
    pub throttle_time_ms: i32,
    pub topics: Vec<ListOffsetsTopicResponse>,
    pub unknown_tags: UnknownTags,
}

/// The answers for one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsTopicResponse {
    pub name: String,
    pub partitions: Vec<ListOffsetsPartitionResponse>,
    pub unknown_tags: UnknownTags,
}

/// The answer for one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsPartitionResponse {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    /// The timestamp of the record found, in milliseconds since the epoch; -1: none, or one end of
    /// the log was asked for.
    #[kafka(default = -1)]
    pub timestamp: i64,
    /// -1: there is no such record.
    #[kafka(default = -1)]
    pub offset: i64,
    /// The epoch in which the record was written; -1: unknown.
    #[kafka(versions = "4+", default = -1)]
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}
