use super::prelude::*;

pub use request::{EndQuorumEpochRequest, LeaderEndpoint, ReplicaInfo};
pub use response::{EndQuorumEpochResponse, NodeEndpoint};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Tells the KRaft voters that the leader steps down, and who should stand next (KIP-595).
    ///
    /// - v1 adds `leader_endpoints`, and `preferred_candidates` in the place of
    ///   `preferred_successors` (KIP-853); first flexible version
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 54, versions = "0-1", flexible = "1+")]
    pub struct EndQuorumEpochRequest {
        /// Null: no check.
        pub cluster_id: Option<String>,
        pub topics: Vec<TopicData>,
        /// Where the leader listens that steps down.
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

    /// The leader that steps down, and its preferred successors.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub leader_id: i32,
        pub leader_epoch: i32,
        /// Node ids, the best first.
        #[kafka(versions = "0", ignorable)]
        pub preferred_successors: BrokerIds,
        /// The best first.
        #[kafka(versions = "1+", ignorable)]
        pub preferred_candidates: Vec<ReplicaInfo>,
        pub unknown_tags: UnknownTags,
    }

    /// A voter that may stand next.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct ReplicaInfo {
        pub candidate_id: i32,
        /// Its log directory; zero: unknown.
        pub candidate_directory_id: Uuid,
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

    /// Acknowledges the step, or names a newer leader.
    ///
    /// - v1 adds `node_endpoints` (KIP-853); first flexible version
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 54, versions = "0-1", flexible = "1+")]
    pub struct EndQuorumEpochResponse {
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
