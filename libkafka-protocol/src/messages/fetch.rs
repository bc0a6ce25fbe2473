use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1, versions = "4-18", flexible = "12+", broker = "leader")]
pub struct FetchRequest {
    #[kafka(versions = "12+", tag = 0, ignorable)]
    pub cluster_id: Option<String>,
    #[kafka(versions = "0-14", default = -1)]
    pub replica_id: i32,
    #[kafka(versions = "15+", tag = 1)]
    pub replica_state: ReplicaState,
    pub max_wait_ms: i32,
    pub min_bytes: i32,
    #[kafka(default = 0x7fffffff)]
    pub max_bytes: i32,
    pub isolation_level: i8,
    #[kafka(versions = "7+", ignorable)]
    pub session_id: i32,
    #[kafka(versions = "7+", default = -1, ignorable)]
    pub session_epoch: i32,
    pub topics: Vec<FetchTopic>,
    #[kafka(versions = "7+")]
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    #[kafka(versions = "11+", ignorable)]
    pub rack_id: String,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReplicaState {
    #[kafka(default = -1)]
    pub replica_id: i32,
    #[kafka(default = -1)]
    pub replica_epoch: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchTopic {
    #[kafka(versions = "0-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<FetchPartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchPartition {
    pub partition: i32,
    #[kafka(versions = "9+", default = -1, ignorable)]
    pub current_leader_epoch: i32,
    pub fetch_offset: i64,
    #[kafka(versions = "12+", default = -1)]
    pub last_fetched_epoch: i32,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub log_start_offset: i64,
    pub partition_max_bytes: i32,
    #[kafka(versions = "17+", tag = 0, ignorable)]
    pub replica_directory_id: Uuid,
    #[kafka(versions = "18+", tag = 1, default = 9223372036854775807, ignorable)]
    pub high_watermark: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ForgottenTopic {
    #[kafka(versions = "7-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1, versions = "4-18", flexible = "12+")]
pub struct FetchResponse {
    pub throttle_time_ms: i32,
    #[kafka(versions = "7+", ignorable)]
    pub error_code: ErrorCode,
    #[kafka(versions = "7+")]
    pub session_id: i32,
    pub responses: Vec<FetchableTopicResponse>,
    #[kafka(versions = "16+", tag = 0)]
    pub node_endpoints: Vec<NodeEndpoint>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchableTopicResponse {
    #[kafka(versions = "0-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub high_watermark: i64,
    #[kafka(default = -1)]
    pub last_stable_offset: i64,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub log_start_offset: i64,
    #[kafka(versions = "12+", tag = 0)]
    pub diverging_epoch: EpochEndOffset,
    #[kafka(versions = "12+", tag = 1)]
    pub current_leader: LeaderIdAndEpoch,
    #[kafka(versions = "12+", tag = 2)]
    pub snapshot_id: SnapshotId,
    #[kafka(default = [])]
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    #[kafka(versions = "11+", default = -1)]
    pub preferred_read_replica: i32,
    pub records: Option<Bytes>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct EpochEndOffset {
    #[kafka(default = -1)]
    pub epoch: i32,
    #[kafka(default = -1)]
    pub end_offset: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct LeaderIdAndEpoch {
    #[kafka(default = -1)]
    pub leader_id: i32,
    #[kafka(default = -1)]
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SnapshotId {
    #[kafka(default = -1)]
    pub end_offset: i64,
    #[kafka(default = -1)]
    pub epoch: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AbortedTransaction {
    pub producer_id: i64,
    pub first_offset: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct NodeEndpoint {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    pub rack: Option<String>,
    pub unknown_tags: UnknownTags,
}
