use super::prelude::*;

/// Asks for the nodes of the cluster, without any topics (KIP-700).
///
/// - v1 adds `endpoint_type` (KIP-919)
/// - v2 adds `include_fenced_brokers` (KIP-1073)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 60, versions = "0-2", flexible = "0+")]
pub struct DescribeClusterRequest {
    pub include_cluster_authorized_operations: bool,
    /// 1: brokers; 2: controllers.
    #[kafka(versions = "1+", default = 1)]
    pub endpoint_type: i8,
    /// Whether to list brokers too that are registered and not in service.
    #[kafka(versions = "2+")]
    pub include_fenced_brokers: bool,
    pub unknown_tags: UnknownTags,
}

/// The nodes of the cluster.
///
/// - v1 adds `endpoint_type`, and may carry MISMATCHED_ENDPOINT_TYPE and UNSUPPORTED_ENDPOINT_TYPE
///   (KIP-919)
/// - v2 adds `is_fenced` (KIP-1073)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 60, versions = "0-2", flexible = "0+")]
pub struct DescribeClusterResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    /// 1: brokers; 2: controllers.
    #[kafka(versions = "1+", default = 1)]
    pub endpoint_type: i8,
    pub cluster_id: String,
    /// The active controller where a controller answers, any live broker where a broker does; -1:
    /// unknown.
    #[kafka(default = -1)]
    pub controller_id: i32,
    pub brokers: Vec<DescribeClusterBroker>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(default = -2147483648)]
    pub cluster_authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

/// A node, and where it listens.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeClusterBroker {
    pub broker_id: i32,
    pub host: String,
    pub port: i32,
    /// Null: none configured.
    pub rack: Option<String>,
    #[kafka(versions = "2+")]
    pub is_fenced: bool,
    pub unknown_tags: UnknownTags,
}
