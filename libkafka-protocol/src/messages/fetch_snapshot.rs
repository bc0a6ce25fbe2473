use super::prelude::*;

pub use request::FetchSnapshotRequest;
pub use response::FetchSnapshotResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 59, versions = "0-1", flexible = "0+", broker = "leader")]
    pub struct FetchSnapshotRequest {
        #[kafka(tag = 0)]
        pub cluster_id: Option<String>,
        #[kafka(default = -1)]
        pub replica_id: i32,
        #[kafka(default = 0x7fffffff)]
        pub max_bytes: i32,
        pub topics: Vec<TopicSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicSnapshot {
        pub name: String,
        pub partitions: Vec<PartitionSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionSnapshot {
        pub partition: i32,
        pub current_leader_epoch: i32,
        pub snapshot_id: SnapshotId,
        pub position: i64,
        #[kafka(versions = "1+", tag = 0, ignorable)]
        pub replica_directory_id: Uuid,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct SnapshotId {
        pub end_offset: i64,
        pub epoch: i32,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 59, versions = "0-1", flexible = "0+")]
    pub struct FetchSnapshotResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub topics: Vec<TopicSnapshot>,
        #[kafka(versions = "1+", tag = 0)]
        pub node_endpoints: Vec<NodeEndpoint>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicSnapshot {
        pub name: String,
        pub partitions: Vec<PartitionSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionSnapshot {
        pub index: i32,
        pub error_code: ErrorCode,
        pub snapshot_id: SnapshotId,
        #[kafka(tag = 0)]
        pub current_leader: LeaderIdAndEpoch,
        pub size: i64,
        pub position: i64,
        pub unaligned_records: Bytes,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct SnapshotId {
        pub end_offset: i64,
        pub epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct LeaderIdAndEpoch {
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
