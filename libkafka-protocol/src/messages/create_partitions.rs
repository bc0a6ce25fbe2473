use super::prelude::*;

/// Raises the number of partitions of topics. Records that are there already do not move (KIP-195).
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 accepts THROTTLING_QUOTA_EXCEEDED in the response (KIP-599)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 37, versions = "0-3", flexible = "2+", broker = "controller")]
pub struct CreatePartitionsRequest {
    pub topics: Vec<CreatePartitionsTopic>,
    /// Milliseconds to wait for the partitions to be there.
    pub timeout_ms: i32,
    /// Whether to check the request only, and create nothing.
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

/// A topic and how many partitions it is to have.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatePartitionsTopic {
    pub name: String,
    /// The new total.
    pub count: i32,
    /// The replicas of each new partition; null: Kafka chooses.
    #[kafka(default = [])]
    pub assignments: Option<Vec<CreatePartitionsAssignment>>,
    pub unknown_tags: UnknownTags,
}

/// The replicas of one new partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatePartitionsAssignment {
    /// The preferred leader first.
    pub broker_ids: BrokerIds,
    pub unknown_tags: UnknownTags,
}

/// Says for each topic whether its partitions were added.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 is the first flexible version (KIP-482)
/// - v3 may carry THROTTLING_QUOTA_EXCEEDED (KIP-599)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 37, versions = "0-3", flexible = "2+")]
pub struct CreatePartitionsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<CreatePartitionsTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatePartitionsTopicResult {
    pub name: String,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
