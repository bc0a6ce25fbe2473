use super::prelude::*;

pub use request::StreamsGroupHeartbeatRequest;
pub use response::StreamsGroupHeartbeatResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(
        api_key = 88,
        versions = "0-1",
        flexible = "0+",
        broker = "group_coordinator"
    )]
    pub struct StreamsGroupHeartbeatRequest {
        pub group_id: String,
        pub member_id: String,
        pub member_epoch: i32,
        pub endpoint_information_epoch: i32,
        pub instance_id: Option<String>,
        pub rack_id: Option<String>,
        #[kafka(default = -1)]
        pub rebalance_timeout_ms: i32,
        pub topology: Option<Topology>,
        pub active_tasks: Option<Vec<TaskIds>>,
        pub standby_tasks: Option<Vec<TaskIds>>,
        pub warmup_tasks: Option<Vec<TaskIds>>,
        pub process_id: Option<String>,
        pub user_endpoint: Option<Endpoint>,
        pub client_tags: Option<Vec<KeyValue>>,
        pub task_offsets: Option<Vec<TaskOffset>>,
        pub task_end_offsets: Option<Vec<TaskOffset>>,
        pub shutdown_application: bool,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Topology {
        pub epoch: i32,
        pub subtopologies: Vec<Subtopology>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Subtopology {
        pub subtopology_id: String,
        pub source_topics: Vec<String>,
        pub source_topic_regex: Vec<String>,
        pub state_changelog_topics: Vec<TopicInfo>,
        pub repartition_sink_topics: Vec<String>,
        pub repartition_source_topics: Vec<TopicInfo>,
        pub copartition_groups: Vec<CopartitionGroup>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicInfo {
        pub name: String,
        pub partitions: i32,
        pub replication_factor: i16,
        pub topic_configs: Vec<KeyValue>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct KeyValue {
        pub key: String,
        pub value: String,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct CopartitionGroup {
        pub source_topics: Vec<i16>,
        pub source_topic_regex: Vec<i16>,
        pub repartition_source_topics: Vec<i16>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TaskIds {
        pub subtopology_id: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Endpoint {
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TaskOffset {
        pub subtopology_id: String,
        pub partition: i32,
        pub offset: i64,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 88, versions = "0-1", flexible = "0+")]
    pub struct StreamsGroupHeartbeatResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub error_message: Option<String>,
        pub member_id: String,
        pub member_epoch: i32,
        pub heartbeat_interval_ms: i32,
        #[kafka(versions = "0")]
        pub acceptable_recovery_lag_legacy: i32,
        pub task_offset_interval_ms: i32,
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub acceptable_recovery_lag: i64,
        #[kafka(default = [])]
        pub status: Option<Vec<Status>>,
        pub active_tasks: Option<Vec<TaskIds>>,
        pub standby_tasks: Option<Vec<TaskIds>>,
        pub warmup_tasks: Option<Vec<TaskIds>>,
        #[kafka(versions = "1+")]
        pub topology_description_required: bool,
        pub endpoint_information_epoch: i32,
        pub partitions_by_user_endpoint: Option<Vec<EndpointToPartitions>>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Status {
        pub status_code: i8,
        pub status_detail: String,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TaskIds {
        pub subtopology_id: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EndpointToPartitions {
        pub user_endpoint: Endpoint,
        pub active_partitions: Vec<TopicPartition>,
        pub standby_partitions: Vec<TopicPartition>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Endpoint {
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicPartition {
        pub topic: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }
}
