use super::prelude::*;

pub use request::DescribeQuorumRequest;
pub use response::DescribeQuorumResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 55, versions = "0-2", flexible = "0+")]
    pub struct DescribeQuorumRequest {
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
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

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
        #[kafka(versions = "2+", default = "", ignorable)]
        pub error_message: Option<String>,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub high_watermark: i64,
        pub current_voters: Vec<ReplicaState>,
        pub observers: Vec<ReplicaState>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct ReplicaState {
        pub replica_id: i32,
        #[kafka(versions = "2+")]
        pub replica_directory_id: Uuid,
        pub log_end_offset: i64,
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub last_fetch_timestamp: i64,
        #[kafka(versions = "1+", default = -1, ignorable)]
        pub last_caught_up_timestamp: i64,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Node {
        pub node_id: i32,
        pub listeners: Vec<Listener>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Listener {
        pub name: String,
        pub host: String,
        pub port: u16,
        pub unknown_tags: UnknownTags,
    }
}
