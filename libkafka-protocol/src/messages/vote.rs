use super::prelude::*;

pub use request::VoteRequest;
pub use response::VoteResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 52, versions = "0-2", flexible = "0+")]
    pub struct VoteRequest {
        pub cluster_id: Option<String>,
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub voter_id: i32,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub replica_epoch: i32,
        pub replica_id: i32,
        #[kafka(versions = "1+", ignorable)]
        pub replica_directory_id: Uuid,
        #[kafka(versions = "1+", ignorable)]
        pub voter_directory_id: Uuid,
        pub last_offset_epoch: i32,
        pub last_offset: i64,
        #[kafka(versions = "2+")]
        pub pre_vote: bool,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 52, versions = "0-2", flexible = "0+")]
    pub struct VoteResponse {
        pub error_code: ErrorCode,
        pub topics: Vec<TopicData>,
        #[kafka(versions = "1+", tag = 0)]
        pub node_endpoints: Vec<NodeEndpoint>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_name: String,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub vote_granted: bool,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct NodeEndpoint {
        pub node_id: i32,
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }
}
