use super::prelude::*;

pub use request::EndQuorumEpochRequest;
pub use response::EndQuorumEpochResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 54, versions = "0-1", flexible = "1+")]
    pub struct EndQuorumEpochRequest {
        pub cluster_id: Option<String>,
        pub topics: Vec<TopicData>,
        #[kafka(versions = "1+", ignorable)]
        pub leader_endpoints: Vec<LeaderEndpoint>,
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
        pub leader_id: i32,
        pub leader_epoch: i32,
        #[kafka(versions = "0", ignorable)]
        pub preferred_successors: BrokerIds,
        #[kafka(versions = "1+", ignorable)]
        pub preferred_candidates: Vec<ReplicaInfo>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct ReplicaInfo {
        pub candidate_id: i32,
        pub candidate_directory_id: Uuid,
        pub unknown_tags: UnknownTags,
    }

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

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 54, versions = "0-1", flexible = "1+")]
    pub struct EndQuorumEpochResponse {
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
