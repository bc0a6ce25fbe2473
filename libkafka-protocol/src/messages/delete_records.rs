use super::prelude::*;

/// Drops the records before an offset, by moving the start of the log up to it. It goes to the
/// leader of each partition.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 21, versions = "0-2", flexible = "2+", broker = "leader")]
pub struct DeleteRecordsRequest {
    pub topics: Vec<DeleteRecordsTopic>,
    /// Milliseconds to wait for the replicas to follow.
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

/// A topic and where to cut its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteRecordsTopic {
    pub name: String,
    pub partitions: Vec<DeleteRecordsPartition>,
    pub unknown_tags: UnknownTags,
}

/// Where to cut one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteRecordsPartition {
    pub partition_index: i32,
    /// The first offset to keep; -1: the high watermark, so that nothing is left.
    pub offset: i64,
    pub unknown_tags: UnknownTags,
}

/// The new start of each partition.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 21, versions = "0-2", flexible = "2+")]
pub struct DeleteRecordsResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<DeleteRecordsTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteRecordsTopicResult {
    pub name: String,
    pub partitions: Vec<DeleteRecordsPartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteRecordsPartitionResult {
    pub partition_index: i32,
    /// The lowest start among the live replicas; -1 on error.
    pub low_watermark: i64,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
