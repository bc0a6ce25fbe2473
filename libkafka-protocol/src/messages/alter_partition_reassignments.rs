use super::prelude::*;

/// Moves partitions to other brokers, or cancels a move in progress. The controller answers
/// once the move is recorded; copying takes time after that (KIP-455).
///
/// - v1 adds `allow_replication_factor_change` (KIP-860)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 45, versions = "0-1", flexible = "0+", broker = "controller")]
pub struct AlterPartitionReassignmentsRequest {
    /// Milliseconds to wait for the answer.
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    /// Whether a partition may end with more or fewer replicas than it had.
    #[kafka(versions = "1+", default = true)]
    pub allow_replication_factor_change: bool,
    pub topics: Vec<ReassignableTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to move.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReassignableTopic {
    pub name: String,
    pub partitions: Vec<ReassignablePartition>,
    pub unknown_tags: UnknownTags,
}

/// Where one partition is to go.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReassignablePartition {
    pub partition_index: i32,
    /// The brokers, the preferred leader first; null: cancel the move in progress.
    pub replicas: Option<BrokerIds>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether its move is recorded.
///
/// - v1 adds `allow_replication_factor_change` (KIP-860)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 45, versions = "0-1", flexible = "0+")]
pub struct AlterPartitionReassignmentsResponse {
    pub throttle_time_ms: i32,
    /// As in the request.
    #[kafka(versions = "1+", default = true, ignorable)]
    pub allow_replication_factor_change: bool,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub responses: Vec<ReassignableTopicResponse>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReassignableTopicResponse {
    pub name: String,
    pub partitions: Vec<ReassignablePartitionResponse>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReassignablePartitionResponse {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
