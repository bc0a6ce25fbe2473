use super::prelude::*;

/// Asks a broker for its log directories and the replicas in them (KIP-113).
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 accepts a top-level error in the response (KIP-784)
/// - v4 accepts the size of the volume in the response (KIP-827)
/// - v5 accepts `is_cordoned` in the response (KIP-1066)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 35, versions = "1-5", flexible = "2+")]
pub struct DescribeLogDirsRequest {
    /// Null: all.
    #[kafka(default = [])]
    pub topics: Option<Vec<DescribableLogDirTopic>>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions asked for.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribableLogDirTopic {
    pub topic: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The log directories of the broker.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `error_code` at the top (KIP-784)
/// - v4 adds `total_bytes` and `usable_bytes` (KIP-827)
/// - v5 adds `is_cordoned` (KIP-1066)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 35, versions = "1-5", flexible = "2+")]
pub struct DescribeLogDirsResponse {
    pub throttle_time_ms: i32,
    #[kafka(versions = "3+", ignorable)]
    pub error_code: ErrorCode,
    pub results: Vec<DescribeLogDirsResult>,
    pub unknown_tags: UnknownTags,
}

/// A log directory and what is in it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeLogDirsResult {
    pub error_code: ErrorCode,
    /// An absolute path.
    pub log_dir: String,
    pub topics: Vec<DescribeLogDirsTopic>,
    /// Size of the volume; -1: unknown.
    #[kafka(versions = "4+", default = -1, ignorable)]
    pub total_bytes: i64,
    /// Free bytes on the volume; -1: unknown.
    #[kafka(versions = "4+", default = -1, ignorable)]
    pub usable_bytes: i64,
    /// Whether the directory is closed to new replicas.
    #[kafka(versions = "5+", ignorable)]
    pub is_cordoned: bool,
    pub unknown_tags: UnknownTags,
}

/// The replicas of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeLogDirsTopic {
    pub name: String,
    pub partitions: Vec<DescribeLogDirsPartition>,
    pub unknown_tags: UnknownTags,
}

/// One replica.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeLogDirsPartition {
    pub partition_index: i32,
    /// Bytes of its log segments.
    pub partition_size: i64,
    /// Offsets by which it lags: behind the high watermark, or behind the current replica where it
    /// is a future one.
    pub offset_lag: i64,
    /// Whether it is being filled, to take the place of the replica in another directory.
    pub is_future_key: bool,
    pub unknown_tags: UnknownTags,
}
