use super::prelude::*;

pub use request::AssignReplicasToDirsRequest;
pub use response::AssignReplicasToDirsResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Tells the controller which log directories a broker keeps its replicas in (KIP-858).
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 73, versions = "0", flexible = "0+", broker = "controller")]
    pub struct AssignReplicasToDirsRequest {
        pub broker_id: i32,
        /// From the registration; -1: none.
        #[kafka(default = -1)]
        pub broker_epoch: i64,
        pub directories: Vec<DirectoryData>,
        pub unknown_tags: UnknownTags,
    }

    /// A log directory and what is in it.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DirectoryData {
        pub id: Uuid,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// A topic and its partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// A replica.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// Says for each replica whether its directory was noted.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 73, versions = "0", flexible = "0+")]
    pub struct AssignReplicasToDirsResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub directories: Vec<DirectoryData>,
        pub unknown_tags: UnknownTags,
    }

    /// The results of one log directory.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DirectoryData {
        pub id: Uuid,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// The results of one topic.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The result of one replica.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        pub unknown_tags: UnknownTags,
    }
}
