use super::prelude::*;

/// Forgets the committed offsets of partitions. A group that is alive must not be subscribed to
/// their topic (KIP-496). Never flexible.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 47, versions = "0", broker = "group_coordinator")]
pub struct OffsetDeleteRequest {
    pub group_id: String,
    pub topics: Vec<OffsetDeleteRequestTopic>,
}

/// A topic and the partitions to forget.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetDeleteRequestTopic {
    pub name: String,
    pub partitions: Vec<OffsetDeleteRequestPartition>,
}

/// A partition to forget.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetDeleteRequestPartition {
    pub partition_index: i32,
}

/// Says for each partition whether its offset is gone.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 47, versions = "0")]
pub struct OffsetDeleteResponse {
    pub error_code: ErrorCode,
    pub throttle_time_ms: i32,
    pub topics: Vec<OffsetDeleteResponseTopic>,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetDeleteResponseTopic {
    pub name: String,
    pub partitions: Vec<OffsetDeleteResponsePartition>,
}

/// The result of one partition. GROUP_SUBSCRIBED_TO_TOPIC: the group still reads the topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetDeleteResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
}
