use super::prelude::*;

/// Sends the processing graph of a Kafka Streams application to the coordinator, when a heartbeat
/// has asked for it (KIP-1331).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 93,
    versions = "0",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct StreamsGroupTopologyDescriptionUpdateRequest {
    pub group_id: String,
    pub member_id: String,
    /// Which version of the topology this is.
    pub topology_epoch: i32,
    pub topology_description: TopologyDescription,
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

/// Says whether the graph was stored. UNKNOWN_MEMBER_ID means: join again.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 93, versions = "0", flexible = "0+")]
pub struct StreamsGroupTopologyDescriptionUpdateResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
