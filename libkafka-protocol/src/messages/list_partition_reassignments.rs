use super::prelude::*;

/// Lists the moves of partitions that are under way (KIP-455).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 46, versions = "0", flexible = "0+", broker = "controller")]
pub struct ListPartitionReassignmentsRequest {
    /// Milliseconds to wait for the answer.
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    /// Null: all.
    pub topics: Option<Vec<ListPartitionReassignmentsTopics>>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions asked for.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListPartitionReassignmentsTopics {
    pub name: String,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The moves under way.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 46, versions = "0", flexible = "0+")]
pub struct ListPartitionReassignmentsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub topics: Vec<OngoingTopicReassignment>,
    pub unknown_tags: UnknownTags,
}

/// The moves within one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OngoingTopicReassignment {
    pub name: String,
    pub partitions: Vec<OngoingPartitionReassignment>,
    pub unknown_tags: UnknownTags,
}

/// The move of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OngoingPartitionReassignment {
    pub partition_index: i32,
    /// All replicas as of now, old and new.
    pub replicas: BrokerIds,
    /// Those on their way in.
    pub adding_replicas: BrokerIds,
    /// Those on their way out.
    pub removing_replicas: BrokerIds,
    pub unknown_tags: UnknownTags,
}
