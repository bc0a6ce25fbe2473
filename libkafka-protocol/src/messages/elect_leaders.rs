use super::prelude::*;

/// Makes the controller elect leaders: the preferred replicas, or, at the price of lost records,
/// any that is alive (KIP-183).
///
/// - v1 adds `election_type` (KIP-460)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 43, versions = "0-2", flexible = "2+", broker = "controller")]
pub struct ElectLeadersRequest {
    /// 0: the preferred replica; 1: an unclean election, where no in-sync replica is left.
    #[kafka(versions = "1+")]
    pub election_type: i8,
    /// Null: all partitions.
    #[kafka(default = [])]
    pub topic_partitions: Option<Vec<TopicPartitions>>,
    /// Milliseconds to wait for the elections.
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartitions {
    pub topic: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The outcome for each partition. ELECTION_NOT_NEEDED means that the leader is the right one
/// already.
///
/// - v1 adds `error_code` at the top (KIP-460)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 43, versions = "0-2", flexible = "2+")]
pub struct ElectLeadersResponse {
    pub throttle_time_ms: i32,
    #[kafka(versions = "1+")]
    pub error_code: ErrorCode,
    pub replica_election_results: Vec<ReplicaElectionResult>,
    pub unknown_tags: UnknownTags,
}

/// The outcomes for one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReplicaElectionResult {
    pub topic: String,
    pub partition_result: Vec<PartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The outcome for one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionResult {
    pub partition_id: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
