use super::prelude::*;

/// Asks the coordinator for the state, the topology and the members of streams groups (KIP-1071).
///
/// - v1 adds `include_topology_description` (KIP-1331)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 89,
    versions = "0-1",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct StreamsGroupDescribeRequest {
    pub group_ids: Vec<String>,
    pub include_authorized_operations: bool,
    /// Whether to send each processing node of the topology, where the broker has a plugin that
    /// stores them.
    #[kafka(versions = "1+")]
    pub include_topology_description: bool,
    pub unknown_tags: UnknownTags,
}

/// State, topology and members of each group.
///
/// - v1 adds `topology_description` and `topology_description_status` (KIP-1331), and
///   `assignor_name` (KIP-1357)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 89, versions = "0-1", flexible = "0+")]
pub struct StreamsGroupDescribeResponse {
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
    pub unknown_tags: UnknownTags,
}

/// A streams group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroup {
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub group_id: String,
    /// Such as `Stable`, `NotReady`, `Assigning`, `Reconciling`, `Empty` or `Dead`; empty on error.
    pub group_state: String,
    /// Increases whenever members or topology change.
    pub group_epoch: i32,
    /// The group epoch that the target assignment was computed for.
    pub assignment_epoch: i32,
    /// Null on error.
    pub topology: Option<Topology>,
    pub members: Vec<Member>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(default = -2147483648)]
    pub authorized_operations: i32,
    /// Null unless its status is 3.
    #[kafka(versions = "1+")]
    pub topology_description: Option<TopologyDescription>,
    /// 0: not asked for; 1: none stored; 2: could not be read; 3: here.
    #[kafka(versions = "1+")]
    pub topology_description_status: i8,
    /// The assignor that will compute the next assignment; null on error.
    #[kafka(versions = "1+", ignorable)]
    pub assignor_name: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// What the application is made of.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Topology {
    /// Tells versions of the topology apart.
    pub epoch: i32,
    /// With patterns and numbers of partitions resolved; null: the coordinator could not resolve
    /// them yet.
    pub subtopologies: Option<Vec<Subtopology>>,
    pub unknown_tags: UnknownTags,
}

/// A part of the topology that shares no state with the others.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Subtopology {
    pub subtopology_id: String,
    /// Topics that it reads.
    pub source_topics: Vec<String>,
    /// Repartition topics that it writes.
    pub repartition_sink_topics: Vec<String>,
    /// Topics that hold its state.
    pub state_changelog_topics: Vec<TopicInfo>,
    /// Repartition topics that it reads.
    pub repartition_source_topics: Vec<TopicInfo>,
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

/// A member of the group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Member {
    pub member_id: String,
    pub member_epoch: i32,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    pub instance_id: Option<String>,
    /// Null: none.
    pub rack_id: Option<String>,
    pub client_id: String,
    /// The address that the member connects from.
    pub client_host: String,
    /// The version of the topology that the member runs.
    pub topology_epoch: i32,
    /// The instance of Kafka Streams, which may have several members.
    pub process_id: String,
    /// Where the instance answers interactive queries; null: nowhere.
    pub user_endpoint: Option<Endpoint>,
    /// For spreading standby tasks over racks.
    pub client_tags: Vec<KeyValue>,
    /// How far the state of each task has been restored.
    pub task_offsets: Vec<TaskOffset>,
    /// Where the changelogs of each task end.
    pub task_end_offsets: Vec<TaskOffset>,
    /// What the member has now.
    pub assignment: Assignment,
    /// What it is to have once all members have caught up.
    pub target_assignment: Assignment,
    /// Whether the member is still on the classic protocol.
    pub is_classic: bool,
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

/// The tasks of a member.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Assignment {
    pub active_tasks: Vec<TaskIds>,
    /// Tasks whose state the member keeps copies of.
    pub standby_tasks: Vec<TaskIds>,
    /// Tasks whose state the member restores, to run them later.
    pub warmup_tasks: Vec<TaskIds>,
    pub unknown_tags: UnknownTags,
}

/// Tasks of one subtopology, a task for each partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TaskIds {
    pub subtopology_id: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The processing graph of the application.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopologyDescription {
    pub subtopologies: Vec<TopologyDescriptionSubtopology>,
    pub global_stores: Vec<TopologyDescriptionGlobalStore>,
    pub unknown_tags: UnknownTags,
}

/// A part of the graph.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopologyDescriptionSubtopology {
    pub subtopology_id: String,
    pub nodes: Vec<TopologyDescriptionNode>,
    pub unknown_tags: UnknownTags,
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopologyDescriptionNode {
    pub name: String,
    /// 1: source; 2: processor; 3: sink.
    pub node_type: i8,
    /// What a source reads; empty: decided as it runs.
    pub source_topics: Vec<String>,
    /// What a sink writes; null: decided as it runs, or no sink.
    pub sink_topic: Option<String>,
    /// The state stores that a processor uses.
    pub stores: Vec<String>,
    /// The names of the nodes that come next.
    pub successors: Vec<String>,
    pub unknown_tags: UnknownTags,
}

/// A store that every instance holds in full, and what fills it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopologyDescriptionGlobalStore {
    pub source: TopologyDescriptionNode,
    pub processor: TopologyDescriptionNode,
    pub unknown_tags: UnknownTags,
}
