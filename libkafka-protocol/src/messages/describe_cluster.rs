use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 60, versions = "0-2", flexible = "0+")]
pub struct DescribeClusterRequest {
    pub include_cluster_authorized_operations: bool,
    #[kafka(versions = "1+", default = 1)]
    pub endpoint_type: i8,
    #[kafka(versions = "2+")]
    pub include_fenced_brokers: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 60, versions = "0-2", flexible = "0+")]
pub struct DescribeClusterResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    #[kafka(versions = "1+", default = 1)]
    pub endpoint_type: i8,
    pub cluster_id: String,
    #[kafka(default = -1)]
    pub controller_id: i32,
    pub brokers: Vec<DescribeClusterBroker>,
    #[kafka(default = -2147483648)]
    pub cluster_authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeClusterBroker {
    pub broker_id: i32,
    pub host: String,
    pub port: i32,
    pub rack: Option<String>,
    #[kafka(versions = "2+")]
    pub is_fenced: bool,
    pub unknown_tags: UnknownTags,
}
