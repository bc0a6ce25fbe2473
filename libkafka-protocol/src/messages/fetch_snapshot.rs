use super::prelude::*;

pub use request::FetchSnapshotRequest;
pub use response::{FetchSnapshotResponse, LeaderIdAndEpoch, NodeEndpoint};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Reads a piece of a snapshot of the metadata log from the KRaft leader, as a replica does
    /// that lies too far behind (KIP-630).
    ///
    /// - v1 adds `replica_directory_id` (KIP-853)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 59, versions = "0-1", flexible = "0+", broker = "leader")]
    pub struct FetchSnapshotRequest {
        /// Null: no check.
        #[kafka(tag = 0)]
        pub cluster_id: Option<String>,
        /// -1: not a replica.
        #[kafka(default = -1)]
        pub replica_id: i32,
        /// Bytes of snapshot in all.
        #[kafka(default = 0x7fffffff)]
        pub max_bytes: i32,
        pub topics: Vec<TopicSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicSnapshot {
        pub name: String,
        pub partitions: Vec<PartitionSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    /// Which snapshot, and where to start in it.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionSnapshot {
        pub partition: i32,
        /// The leader epoch that the sender knows; -1: unknown.
        pub current_leader_epoch: i32,
        pub snapshot_id: SnapshotId,
        /// In bytes.
        pub position: i64,
        /// The log directory of the reader; zero: unknown.
        #[kafka(versions = "1+", tag = 0, ignorable)]
        pub replica_directory_id: Uuid,
        pub unknown_tags: UnknownTags,
    }

    /// Names a snapshot by where it ends.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct SnapshotId {
        /// The offset after the last record that it covers.
        pub end_offset: i64,
        pub epoch: i32,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// A piece of a snapshot.
    ///
    /// - v1 adds `node_endpoints` (KIP-853)
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

    /// The metadata topic; there is no other yet.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicSnapshot {
        pub name: String,
        pub partitions: Vec<PartitionSnapshot>,
        pub unknown_tags: UnknownTags,
    }

    /// The piece.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionSnapshot {
        pub index: i32,
        pub error_code: ErrorCode,
        pub snapshot_id: SnapshotId,
        /// Filled in when the error says that this node does not lead.
        #[kafka(tag = 0)]
        pub current_leader: LeaderIdAndEpoch,
        /// Bytes of the whole snapshot.
        pub size: i64,
        /// Where the piece starts, in bytes.
        pub position: i64,
        /// Cut anywhere, not at the bounds of batches.
        pub unaligned_records: Bytes,
        pub unknown_tags: UnknownTags,
    }

    /// Names a snapshot by where it ends.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct SnapshotId {
        /// The offset after the last record that it covers.
        pub end_offset: i64,
        pub epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    /// The leader of the quorum.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct LeaderIdAndEpoch {
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
