use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 61, versions = "0", flexible = "0+", broker = "leader")]
pub struct DescribeProducersRequest {
    pub topics: Vec<TopicRequest>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicRequest {
    pub name: String,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 61, versions = "0", flexible = "0+")]
pub struct DescribeProducersResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<TopicResponse>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicResponse {
    pub name: String,
    pub partitions: Vec<PartitionResponse>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionResponse {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub active_producers: Vec<ProducerState>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ProducerState {
    pub producer_id: i64,
    pub producer_epoch: i32,
    #[kafka(default = -1)]
    pub last_sequence: i32,
    #[kafka(default = -1)]
    pub last_timestamp: i64,
    pub coordinator_epoch: i32,
    #[kafka(default = -1)]
    pub current_txn_start_offset: i64,
    pub unknown_tags: UnknownTags,
}
