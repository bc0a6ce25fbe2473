use super::prelude::*;

/// Asks any broker for the brokers of the cluster and for the leaders and replicas of topics. It is
/// what a client sends to find its way.
///
/// - v1 distinguishes null (all topics) from empty (none) (KIP-4)
/// - v4 adds `allow_auto_topic_creation`
/// - v8 adds `include_cluster_authorized_operations` and `include_topic_authorized_operations`
///   (KIP-430)
/// - v9 is the first flexible version (KIP-482)
/// - v10 adds `topic_id`, which brokers of that time do not act on yet (KIP-516)
/// - v11 drops `include_cluster_authorized_operations`, now a part of DescribeCluster (KIP-700)
/// - v12 finds topics by id (KIP-516)
/// - v13 accepts a top-level error in the response (KIP-1102)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-13", flexible = "9+")]
pub struct MetadataRequest {
    /// Null: all topics; empty: none. In v0 empty means all.
    #[kafka(nullable = "1+", default = [])]
    pub topics: Option<Vec<MetadataRequestTopic>>,
    /// Whether asking for a missing topic may create it, if the brokers are configured to do so.
    #[kafka(versions = "4+", default = true)]
    pub allow_auto_topic_creation: bool,
    #[kafka(versions = "8-10")]
    pub include_cluster_authorized_operations: bool,
    #[kafka(versions = "8+")]
    pub include_topic_authorized_operations: bool,
    pub unknown_tags: UnknownTags,
}

/// A topic, by name or by id.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataRequestTopic {
    /// Zero: look it up by name.
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    /// Null: look it up by id.
    #[kafka(nullable = "10+", default = "")]
    pub name: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// The cluster as the answering broker sees it, which may lag behind the controller.
///
/// - v1 adds `rack`, `controller_id` and `is_internal` (KIP-4)
/// - v2 adds `cluster_id` (KIP-78)
/// - v3 adds `throttle_time_ms` (KIP-124)
/// - v5 adds `offline_replicas` (KIP-112)
/// - v6 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v7 adds `leader_epoch` (KIP-320)
/// - v8 adds `topic_authorized_operations` and `cluster_authorized_operations` (KIP-430)
/// - v9 is the first flexible version (KIP-482)
/// - v10 adds `topic_id` (KIP-516)
/// - v11 drops `cluster_authorized_operations` (KIP-700)
/// - v12 allows a null `name`, for a topic that was asked for by id and not found (KIP-516)
/// - v13 adds `error_code` at the top: REBOOTSTRAP_REQUIRED sends the client back to its bootstrap
///   servers (KIP-1102)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-13", flexible = "9+")]
pub struct MetadataResponse {
    #[kafka(versions = "3+", ignorable)]
    pub throttle_time_ms: i32,
    pub brokers: Vec<MetadataResponseBroker>,
    #[kafka(versions = "2+", ignorable)]
    pub cluster_id: Option<String>,
    /// The broker to send controller requests to; -1: unknown. With KRaft this is any live broker,
    /// which forwards them.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub controller_id: i32,
    pub topics: Vec<MetadataResponseTopic>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(versions = "8-10", default = -2147483648)]
    pub cluster_authorized_operations: i32,
    #[kafka(versions = "13+", ignorable)]
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}

/// A broker, and where it listens.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponseBroker {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    /// Null: none configured.
    #[kafka(versions = "1+", ignorable)]
    pub rack: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponseTopic {
    pub error_code: ErrorCode,
    /// Null: asked for by id, and not found.
    #[kafka(nullable = "12+", default = "")]
    pub name: Option<String>,
    /// Zero: unknown.
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    /// Whether the topic is internal to Kafka, such as `__consumer_offsets`.
    #[kafka(versions = "1+", ignorable)]
    pub is_internal: bool,
    pub partitions: Vec<MetadataResponsePartition>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(versions = "8+", default = -2147483648)]
    pub topic_authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

/// The leader and the followers of a partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MetadataResponsePartition {
    pub error_code: ErrorCode,
    pub partition_index: i32,
    /// -1: no leader at the moment.
    pub leader_id: i32,
    /// -1: unknown.
    #[kafka(versions = "7+", default = -1, ignorable)]
    pub leader_epoch: i32,
    /// All replicas, the preferred leader first.
    pub replica_nodes: BrokerIds,
    /// Replicas that are in sync with the leader, it included.
    pub isr_nodes: BrokerIds,
    /// Replicas whose broker or log directory is down.
    #[kafka(versions = "5+", ignorable)]
    pub offline_replicas: BrokerIds,
    pub unknown_tags: UnknownTags,
}
