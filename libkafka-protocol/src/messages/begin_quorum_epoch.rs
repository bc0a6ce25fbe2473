use super::prelude::*;

pub use request::{BeginQuorumEpochRequest, LeaderEndpoint};
pub use response::{BeginQuorumEpochResponse, NodeEndpoint};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Tells the KRaft voters that an election is won, and by whom. The new leader sends it
    /// (KIP-595).
    ///
    /// - v1 adds `voter_id`, `voter_directory_id` and `leader_endpoints` (KIP-853); first flexible
    ///   version
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 53, versions = "0-1", flexible = "1+")]
    pub struct BeginQuorumEpochRequest {
        /// Null: no check.
        pub cluster_id: Option<String>,
        /// The node that the request is meant for; -1: no check.
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub voter_id: i32,
        pub topics: Vec<TopicData>,
        /// Where the new leader listens.
        #[kafka(versions = "1+", ignorable)]
        pub leader_endpoints: Vec<LeaderEndpoint>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The new leader.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        /// The log directory of the node told; zero: unknown.
        #[kafka(versions = "1+", ignorable)]
        pub voter_directory_id: Uuid,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    /// A listener of the leader.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct LeaderEndpoint {
        pub name: String,
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// Acknowledges the new leader, or names a newer one.
    ///
    /// - v1 adds `node_endpoints` (KIP-853); first flexible version
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 53, versions = "0-1", flexible = "1+")]
    pub struct BeginQuorumEpochResponse {
        pub error_code: ErrorCode,
        pub topics: Vec<TopicData>,
        #[kafka(versions = "1+", tag = 0)]
        pub node_endpoints: Vec<NodeEndpoint>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The leader that the voter knows.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        /// -1: unknown.
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    /// Where a KRaft node listens.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct NodeEndpoint {
        pub node_id: i32,
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }
}
