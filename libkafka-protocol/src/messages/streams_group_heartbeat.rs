use super::prelude::*;

pub use request::{
    CopartitionGroup, KeyValue, StreamsGroupHeartbeatRequest, Subtopology, TaskOffset, TopicInfo,
    Topology,
};
pub use response::{EndpointToPartitions, Status, StreamsGroupHeartbeatResponse, TopicPartition};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Joins, keeps alive and leaves a streams group, all in one. Kafka Streams sends its topology
    /// and its tasks along, and the coordinator assigns the tasks (KIP-1071).
    ///
    /// - v1 accepts `topology_description_required` (KIP-1331) and the status of missing client
    ///   tags in the response
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(
        api_key = 88,
        versions = "0-1",
        flexible = "0+",
        broker = "group_coordinator"
    )]
    pub struct StreamsGroupHeartbeatRequest {
        pub group_id: String,
        /// A uuid that the client keeps for as long as it runs.
        pub member_id: String,
        /// The last epoch received; 0: join; -1: leave; -2: leave for a while, as a static member.
        pub member_epoch: i32,
        /// The last one received.
        pub endpoint_information_epoch: i32,
        /// The `group.instance.id` of a static member; null: unchanged, or a dynamic member.
        pub instance_id: Option<String>,
        /// Null: unchanged, or none.
        pub rack_id: Option<String>,
        /// Milliseconds that the member has for giving up tasks; -1: unchanged.
        #[kafka(default = -1)]
        pub rebalance_timeout_ms: i32,
        /// Sent when joining; null otherwise.
        pub topology: Option<Topology>,
        /// What the member runs now; null: unchanged.
        pub active_tasks: Option<Vec<TaskIds>>,
        /// What the member keeps copies of now; null: unchanged.
        pub standby_tasks: Option<Vec<TaskIds>>,
        /// What the member restores now, to run it later; null: unchanged.
        pub warmup_tasks: Option<Vec<TaskIds>>,
        /// The instance of Kafka Streams, which may have several members; null: unchanged.
        pub process_id: Option<String>,
        /// Where the instance answers interactive queries; null: unchanged, or nowhere.
        pub user_endpoint: Option<Endpoint>,
        /// For spreading standby tasks over racks; null: unchanged.
        pub client_tags: Option<Vec<KeyValue>>,
        /// How far the state of each task has been restored; null: unchanged.
        pub task_offsets: Option<Vec<TaskOffset>>,
        /// Where the changelogs of each task end; null: unchanged.
        pub task_end_offsets: Option<Vec<TaskOffset>>,
        /// Whether all members of the group are to stop.
        pub shutdown_application: bool,
        pub unknown_tags: UnknownTags,
    }

    /// What the application is made of.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Topology {
        /// Tells versions of the topology apart.
        pub epoch: i32,
        pub subtopologies: Vec<Subtopology>,
        pub unknown_tags: UnknownTags,
    }

    /// A part of the topology that shares no state with the others.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Subtopology {
        pub subtopology_id: String,
        /// Topics that it reads.
        pub source_topics: Vec<String>,
        /// Patterns of topics that it reads.
        pub source_topic_regex: Vec<String>,
        /// Topics that hold its state; the coordinator creates them.
        pub state_changelog_topics: Vec<TopicInfo>,
        /// Repartition topics that it writes.
        pub repartition_sink_topics: Vec<String>,
        /// Repartition topics that it reads; the coordinator creates them.
        pub repartition_source_topics: Vec<TopicInfo>,
        /// Topics that must have equal numbers of partitions.
        pub copartition_groups: Vec<CopartitionGroup>,
        pub unknown_tags: UnknownTags,
    }

    /// An internal topic that the application needs.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicInfo {
        pub name: String,
        /// 0: as the topology implies; always so for changelogs.
        pub partitions: i32,
        /// 0: the brokers' default.
        pub replication_factor: i16,
        pub topic_configs: Vec<KeyValue>,
        pub unknown_tags: UnknownTags,
    }

    /// A name and a value.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct KeyValue {
        pub key: String,
        pub value: String,
        pub unknown_tags: UnknownTags,
    }

    /// Topics that must have equal numbers of partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct CopartitionGroup {
        /// Indexes into the subtopology's `source_topics`.
        pub source_topics: Vec<i16>,
        /// Indexes into the subtopology's `source_topic_regex`.
        pub source_topic_regex: Vec<i16>,
        /// Indexes into the subtopology's `repartition_source_topics`.
        pub repartition_source_topics: Vec<i16>,
        pub unknown_tags: UnknownTags,
    }

    /// Tasks of one subtopology, a task for each partition.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TaskIds {
        pub subtopology_id: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }

    /// A host and a port.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Endpoint {
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }

    /// An offset of one task, summed over its changelogs.
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

    /// The member's epoch and, when they have changed, its tasks.
    ///
    /// - v1 adds `topology_description_required` (KIP-1331), puts `acceptable_recovery_lag` in the
    ///   place of `acceptable_recovery_lag_legacy`, and may carry status 6
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 88, versions = "0-1", flexible = "0+")]
    pub struct StreamsGroupHeartbeatResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub error_message: Option<String>,
        pub member_id: String,
        /// For the next heartbeat.
        pub member_epoch: i32,
        /// Milliseconds to wait before the next heartbeat.
        pub heartbeat_interval_ms: i32,
        /// Offsets that a copy of the state may lag behind and still count as restored.
        #[kafka(versions = "0")]
        pub acceptable_recovery_lag_legacy: i32,
        /// Milliseconds between reports of `task_offsets`.
        pub task_offset_interval_ms: i32,
        /// Offsets that a copy of the state may lag behind and still count as restored; -1: the
        /// broker does not say.
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub acceptable_recovery_lag: i64,
        /// What keeps the group from working; null: nothing.
        #[kafka(default = [])]
        pub status: Option<Vec<Status>>,
        /// What the member is to run; null: unchanged.
        pub active_tasks: Option<Vec<TaskIds>>,
        /// What the member is to keep copies of; null: unchanged.
        pub standby_tasks: Option<Vec<TaskIds>>,
        /// What the member is to restore, to run it later; null: unchanged.
        pub warmup_tasks: Option<Vec<TaskIds>>,
        /// Whether the member is to send a StreamsGroupTopologyDescriptionUpdate.
        #[kafka(versions = "1+")]
        pub topology_description_required: bool,
        /// Increases when `partitions_by_user_endpoint` changes.
        pub endpoint_information_epoch: i32,
        /// Which member has which partitions, for interactive queries; an endpoint occurs once for
        /// each of its members. Null: unchanged.
        pub partitions_by_user_endpoint: Option<Vec<EndpointToPartitions>>,
        pub unknown_tags: UnknownTags,
    }

    /// Something that keeps the group from working.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Status {
        /// 0: stale topology; 1: source topics missing; 2: topics with wrong numbers of partitions;
        /// 3: internal topics missing; 4: a member asked all to stop; 5: assignment put off; 6:
        /// client tags missing (from v1).
        pub status_code: i8,
        /// For people to read.
        pub status_detail: String,
        pub unknown_tags: UnknownTags,
    }

    /// Tasks of one subtopology, a task for each partition.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TaskIds {
        pub subtopology_id: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }

    /// The partitions of one member.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EndpointToPartitions {
        pub user_endpoint: Endpoint,
        /// Source partitions of its active tasks.
        pub active_partitions: Vec<TopicPartition>,
        /// Source partitions of its standby and warm-up tasks.
        pub standby_partitions: Vec<TopicPartition>,
        pub unknown_tags: UnknownTags,
    }

    /// A host and a port.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Endpoint {
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }

    /// A topic and its partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicPartition {
        pub topic: String,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }
}
