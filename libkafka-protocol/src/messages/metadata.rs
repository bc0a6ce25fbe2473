use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-13", flexible = "9+")]
pub struct MetadataRequest {
    #[kafka(nullable = "1+", default = [])]
    pub topics: Option<Vec<MetadataRequestTopic>>,
    #[kafka(versions = "4+", default = true)]
    pub allow_auto_topic_creation: bool,
    #[kafka(versions = "8-10")]
    pub include_cluster_authorized_operations: bool,
    #[kafka(versions = "8+")]
    pub include_topic_authorized_operations: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataRequestTopic {
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    #[kafka(nullable = "10+", default = "")]
    pub name: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-13", flexible = "9+")]
pub struct MetadataResponse {
    #[kafka(versions = "3+", ignorable)]
    pub throttle_time_ms: i32,
    pub brokers: Vec<MetadataResponseBroker>,
    #[kafka(versions = "2+", ignorable)]
    pub cluster_id: Option<String>,
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub controller_id: i32,
    pub topics: Vec<MetadataResponseTopic>,
    #[kafka(versions = "8-10", default = -2147483648)]
    pub cluster_authorized_operations: i32,
    #[kafka(versions = "13+", ignorable)]
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponseBroker {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    #[kafka(versions = "1+", ignorable)]
    pub rack: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponseTopic {
    pub error_code: ErrorCode,
    #[kafka(nullable = "12+", default = "")]
    pub name: Option<String>,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    #[kafka(versions = "1+", ignorable)]
    pub is_internal: bool,
    pub partitions: Vec<MetadataResponsePartition>,
    #[kafka(versions = "8+", default = -2147483648)]
    pub topic_authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponsePartition {
    pub error_code: ErrorCode,
    pub partition_index: i32,
    pub leader_id: i32,
    #[kafka(versions = "7+", default = -1, ignorable)]
    pub leader_epoch: i32,
    pub replica_nodes: BrokerIds,
    pub isr_nodes: BrokerIds,
    #[kafka(versions = "5+", ignorable)]
    pub offline_replicas: BrokerIds,
    pub unknown_tags: UnknownTags,
}
