use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 19, versions = "2-7", flexible = "5+", broker = "controller")]
pub struct CreateTopicsRequest {
    pub topics: Vec<CreatableTopic>,
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopic {
    pub name: String,
    pub num_partitions: i32,
    pub replication_factor: i16,
    pub assignments: Vec<CreatableReplicaAssignment>,
    pub configs: Vec<CreatableTopicConfig>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableReplicaAssignment {
    pub partition_index: i32,
    pub broker_ids: BrokerIds,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicConfig {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 19, versions = "2-7", flexible = "5+")]
pub struct CreateTopicsResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<CreatableTopicResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicResult {
    pub name: String,
    #[kafka(versions = "7+", ignorable)]
    pub topic_id: Uuid,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    #[kafka(versions = "5+", tag = 0, ignorable)]
    pub topic_config_error_code: ErrorCode,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub num_partitions: i32,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub replication_factor: i16,
    #[kafka(versions = "5+", default = [], ignorable)]
    pub configs: Option<Vec<CreatableTopicConfigs>>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicConfigs {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    pub read_only: bool,
    #[kafka(default = -1)]
    pub config_source: i8,
    pub is_sensitive: bool,
    pub unknown_tags: UnknownTags,
}
