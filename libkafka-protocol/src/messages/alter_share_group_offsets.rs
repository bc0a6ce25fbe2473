use super::prelude::*;

/// Sets where a share group without members starts in its partitions (KIP-932).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 91,
    versions = "0",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct AlterShareGroupOffsetsRequest {
    pub group_id: String,
    pub topics: Vec<AlterShareGroupOffsetsRequestTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterShareGroupOffsetsRequestTopic {
    pub topic_name: String,
    pub partitions: Vec<AlterShareGroupOffsetsRequestPartition>,
    pub unknown_tags: UnknownTags,
}

/// Where to start in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterShareGroupOffsetsRequestPartition {
    pub partition_index: i32,
    pub start_offset: i64,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether its start was set.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 91, versions = "0", flexible = "0+")]
pub struct AlterShareGroupOffsetsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub responses: Vec<AlterShareGroupOffsetsResponseTopic>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterShareGroupOffsetsResponseTopic {
    pub topic_name: String,
    pub topic_id: Uuid,
    pub partitions: Vec<AlterShareGroupOffsetsResponsePartition>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterShareGroupOffsetsResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
