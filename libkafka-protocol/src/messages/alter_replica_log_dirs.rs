use super::prelude::*;

/// Moves replicas to other log directories of the broker that it is sent to (KIP-113).
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 34, versions = "1-2", flexible = "2+")]
pub struct AlterReplicaLogDirsRequest {
    pub dirs: Vec<AlterReplicaLogDir>,
    pub unknown_tags: UnknownTags,
}

/// A log directory and the replicas to move there.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterReplicaLogDir {
    pub path: String,
    pub topics: Vec<AlterReplicaLogDirTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to move.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterReplicaLogDirTopic {
    pub name: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// Says for each replica whether its move has begun.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 34, versions = "1-2", flexible = "2+")]
pub struct AlterReplicaLogDirsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<AlterReplicaLogDirTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterReplicaLogDirTopicResult {
    pub topic_name: String,
    pub partitions: Vec<AlterReplicaLogDirPartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterReplicaLogDirPartitionResult {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
