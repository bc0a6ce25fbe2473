use super::prelude::*;

/// Asks partition leaders for the idempotent and transactional producers that are active there, in
/// search of hanging transactions (KIP-664).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 61, versions = "0", flexible = "0+", broker = "leader")]
pub struct DescribeProducersRequest {
    pub topics: Vec<TopicRequest>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to look into.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicRequest {
    pub name: String,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The producers of each partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 61, versions = "0", flexible = "0+")]
pub struct DescribeProducersResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<TopicResponse>,
    pub unknown_tags: UnknownTags,
}

/// The producers of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicResponse {
    pub name: String,
    pub partitions: Vec<PartitionResponse>,
    pub unknown_tags: UnknownTags,
}

/// The producers of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionResponse {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub active_producers: Vec<ProducerState>,
    pub unknown_tags: UnknownTags,
}

/// What the broker remembers of a producer.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ProducerState {
    pub producer_id: i64,
    pub producer_epoch: i32,
    /// The sequence number of its last record; -1: none.
    #[kafka(default = -1)]
    pub last_sequence: i32,
    /// Milliseconds since the epoch of its last batch; -1: none.
    #[kafka(default = -1)]
    pub last_timestamp: i64,
    /// The epoch of the coordinator that wrote its last marker; -1: none yet.
    pub coordinator_epoch: i32,
    /// The first offset of its open transaction; -1: none is open.
    #[kafka(default = -1)]
    pub current_txn_start_offset: i64,
    pub unknown_tags: UnknownTags,
}
