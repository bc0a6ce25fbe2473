use super::prelude::*;

/// Creates topics. The controller answers once they exist, or once the timeout is over; the brokers
/// may learn of them a moment later.
///
/// - v4 allows -1 for `num_partitions` and `replication_factor`, which leaves them to the brokers'
///   defaults (KIP-464)
/// - v5 accepts the new topic's settings in the response (KIP-525); first flexible version
/// - v6 accepts THROTTLING_QUOTA_EXCEEDED in the response (KIP-599)
/// - v7 accepts the new topic's id in the response (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 19, versions = "2-7", flexible = "5+", broker = "controller")]
pub struct CreateTopicsRequest {
    pub topics: Vec<CreatableTopic>,
    /// Milliseconds to wait for the topics to be there.
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    /// Whether to check the request only, and create nothing.
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

/// A topic to create.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopic {
    pub name: String,
    /// -1: the brokers' default, or as `assignments` say.
    pub num_partitions: i32,
    /// -1: the brokers' default, or as `assignments` say.
    pub replication_factor: i16,
    /// Replicas chosen by hand; empty: Kafka chooses.
    pub assignments: Vec<CreatableReplicaAssignment>,
    pub configs: Vec<CreatableTopicConfig>,
    pub unknown_tags: UnknownTags,
}

/// The replicas of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableReplicaAssignment {
    pub partition_index: i32,
    /// The preferred leader first.
    pub broker_ids: BrokerIds,
    pub unknown_tags: UnknownTags,
}

/// A topic setting that differs from the brokers' default.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicConfig {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each topic whether it was created, and how.
///
/// - v3 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v5 adds `num_partitions`, `replication_factor`, `configs` and `topic_config_error_code`
///   (KIP-525); first flexible version
/// - v6 may carry THROTTLING_QUOTA_EXCEEDED (KIP-599)
/// - v7 adds `topic_id` (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 19, versions = "2-7", flexible = "5+")]
pub struct CreateTopicsResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<CreatableTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicResult {
    pub name: String,
    #[kafka(versions = "7+", ignorable)]
    pub topic_id: Uuid,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    /// Why the three fields below hold nothing, such as TOPIC_AUTHORIZATION_FAILED.
    #[kafka(versions = "5+", tag = 0, ignorable)]
    pub topic_config_error_code: ErrorCode,
    /// -1: not included.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub num_partitions: i32,
    /// -1: not included.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub replication_factor: i16,
    /// Null: not included.
    #[kafka(versions = "5+", default = [], ignorable)]
    pub configs: Option<Vec<CreatableTopicConfigs>>,
    pub unknown_tags: UnknownTags,
}

/// A setting of the new topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableTopicConfigs {
    pub name: String,
    /// Null: sensitive, or not set.
    #[kafka(default = "")]
    pub value: Option<String>,
    pub read_only: bool,
    /// 1: topic; 2: broker, dynamic; 3: all brokers, dynamic; 4: broker, static; 5: built-in
    /// default; 6: broker logger; 7: client metrics; 8: group; -1: not given.
    #[kafka(default = -1)]
    pub config_source: i8,
    pub is_sensitive: bool,
    pub unknown_tags: UnknownTags,
}
