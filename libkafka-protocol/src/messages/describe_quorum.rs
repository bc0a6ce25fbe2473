use super::prelude::*;

pub use request::DescribeQuorumRequest;
pub use response::{DescribeQuorumResponse, Listener, Node, ReplicaState};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Asks for the state of the KRaft quorum: its leader, and how far voters and observers have
    /// come. A broker forwards it to the active controller (KIP-595).
    ///
    /// - v1 accepts two timestamps for each replica in the response (KIP-836)
    /// - v2 accepts error messages, directory ids and nodes in the response (KIP-853)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 55, versions = "0-2", flexible = "0+")]
    pub struct DescribeQuorumRequest {
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic, `__cluster_metadata`; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The partition asked for, 0.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// The state of the KRaft quorum.
    ///
    /// - v1 adds `last_fetch_timestamp` and `last_caught_up_timestamp` (KIP-836)
    /// - v2 adds `error_message`, `replica_directory_id` and `nodes` (KIP-853)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 55, versions = "0-2", flexible = "0+")]
    pub struct DescribeQuorumResponse {
        pub error_code: ErrorCode,
        #[kafka(versions = "2+", default = "", ignorable)]
        pub error_message: Option<String>,
        pub topics: Vec<TopicData>,
        #[kafka(versions = "2+")]
        pub nodes: Vec<Node>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The leader, the voters and the observers.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        #[kafka(versions = "2+", default = "", ignorable)]
        pub error_message: Option<String>,
        /// -1: unknown.
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub high_watermark: i64,
        pub current_voters: Vec<ReplicaState>,
        pub observers: Vec<ReplicaState>,
        pub unknown_tags: UnknownTags,
    }

    /// How far one replica has come.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct ReplicaState {
        pub replica_id: i32,
        /// Its log directory; zero: unknown.
        #[kafka(versions = "2+")]
        pub replica_directory_id: Uuid,
        /// The offset after its last record; -1: unknown.
        pub log_end_offset: i64,
        /// Milliseconds since the epoch, by the leader's clock, of its last fetch; -1: unknown, or
        /// the leader itself.
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub last_fetch_timestamp: i64,
        /// Milliseconds since the epoch, by the leader's clock, at which it last had all records;
        /// -1: unknown.
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub last_caught_up_timestamp: i64,
        pub unknown_tags: UnknownTags,
    }

    /// A node of the quorum.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Node {
        pub node_id: i32,
        pub listeners: Vec<Listener>,
        pub unknown_tags: UnknownTags,
    }

    /// An address that the node listens on.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Listener {
        pub name: String,
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }
}
