use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 2, versions = "1-11", flexible = "6+", broker = "leader")]
pub struct ListOffsetsRequest {
    pub replica_id: i32,
    #[kafka(versions = "2+")]
    pub isolation_level: i8,
    pub topics: Vec<ListOffsetsTopic>,
    #[kafka(versions = "10+", ignorable)]
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsTopic {
    pub name: String,
    pub partitions: Vec<ListOffsetsPartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsPartition {
    pub partition_index: i32,
    #[kafka(versions = "4+", default = -1, ignorable)]
    pub current_leader_epoch: i32,
    pub timestamp: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 2, versions = "1-11", flexible = "6+")]
pub struct ListOffsetsResponse {
    #[kafka(versions = "2+", ignorable)]
    pub throttle_time_ms: i32,
    pub topics: Vec<ListOffsetsTopicResponse>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsTopicResponse {
    pub name: String,
    pub partitions: Vec<ListOffsetsPartitionResponse>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListOffsetsPartitionResponse {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    #[kafka(default = -1)]
    pub timestamp: i64,
    #[kafka(default = -1)]
    pub offset: i64,
    #[kafka(versions = "4+", default = -1)]
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}
