use super::prelude::*;

pub use request::VoteRequest;
pub use response::{NodeEndpoint, VoteResponse};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Asks a KRaft voter for its vote. A candidate sends it to each of the others, and as a
    /// pre-vote before it raises the epoch (KIP-595).
    ///
    /// - v1 adds `voter_id`, `voter_directory_id` and `replica_directory_id` (KIP-853)
    /// - v2 adds `pre_vote` (KIP-996)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 52, versions = "0-2", flexible = "0+")]
    pub struct VoteRequest {
        /// Null: no check.
        pub cluster_id: Option<String>,
        /// The node that the request is meant for; -1: no check.
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub voter_id: i32,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The candidate, and how far its log reaches.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        /// The epoch in which the candidate stands.
        pub replica_epoch: i32,
        /// The candidate.
        pub replica_id: i32,
        /// The candidate's log directory; zero: unknown.
        #[kafka(versions = "1+", ignorable)]
        pub replica_directory_id: Uuid,
        /// The log directory of the node asked; zero: unknown.
        #[kafka(versions = "1+", ignorable)]
        pub voter_directory_id: Uuid,
        /// Leader epoch at the end of the candidate's log.
        pub last_offset_epoch: i32,
        /// The offset after the last record in the candidate's log.
        pub last_offset: i64,
        /// Whether this only asks how a vote would go.
        #[kafka(versions = "2+")]
        pub pre_vote: bool,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// A voter's yes or no, and the leader if it knows one.
    ///
    /// - v1 adds `node_endpoints` (KIP-853)
    /// - v2 answers pre-votes (KIP-996)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 52, versions = "0-2", flexible = "0+")]
    pub struct VoteResponse {
        pub error_code: ErrorCode,
        pub topics: Vec<TopicData>,
        /// Where the leader listens.
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

    /// The vote.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        /// -1: unknown.
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub vote_granted: bool,
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
