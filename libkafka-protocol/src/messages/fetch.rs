use super::prelude::*;

/// Reads record batches from partition leaders, or from a follower that the leader named as
/// preferred. Consumers, follower replicas and KRaft voters all send it; the broker holds it back
/// until `min_bytes` are there or `max_wait_ms` are over.
///
/// - v5 adds `log_start_offset` (KIP-107)
/// - v6 accepts KAFKA_STORAGE_ERROR in the response (KIP-112)
/// - v7 adds fetch sessions: `session_id`, `session_epoch` and `forgotten_topics_data` (KIP-227)
/// - v9 adds `current_leader_epoch`, which fences stale readers and stale leaders (KIP-320)
/// - v10 accepts batches compressed with zstd (KIP-110)
/// - v11 adds `rack_id`, for reading from the nearest replica (KIP-392)
/// - v12 adds `cluster_id` and `last_fetched_epoch` (KIP-595); first flexible version
/// - v13 names topics by id (KIP-516)
/// - v14 accepts OFFSET_MOVED_TO_TIERED_STORAGE in the response (KIP-405)
/// - v15 moves `replica_id` into `replica_state`, beside the epoch of the replica (KIP-903)
/// - v16 accepts the endpoints of new leaders in the response (KIP-951)
/// - v17 adds `replica_directory_id` (KIP-853)
/// - v18 adds `high_watermark` (KIP-1166)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1, versions = "4-18", flexible = "12+", broker = "leader")]
pub struct FetchRequest {
    /// The cluster that a KRaft replica believes it belongs to; null: no check.
    #[kafka(versions = "12+", tag = 0, ignorable)]
    pub cluster_id: Option<String>,
    /// The id of a follower; -1: a consumer.
    #[kafka(versions = "0-14", default = -1)]
    pub replica_id: i32,
    #[kafka(versions = "15+", tag = 1)]
    pub replica_state: ReplicaState,
    /// Milliseconds the broker may hold the request back while there is less than `min_bytes`.
    pub max_wait_ms: i32,
    /// 0: answer at once with whatever there is.
    pub min_bytes: i32,
    /// Bytes of records in all. The first batch of the answer is sent even if larger.
    #[kafka(default = 0x7fffffff)]
    pub max_bytes: i32,
    /// 0: all records; 1: nothing beyond the last stable offset, and the aborted transactions
    /// listed.
    pub isolation_level: i8,
    /// 0: no session, or a new one.
    #[kafka(versions = "7+", ignorable)]
    pub session_id: i32,
    /// Counts the requests of a session; 0 opens a session, -1 closes it or does without.
    #[kafka(versions = "7+", default = -1, ignorable)]
    pub session_epoch: i32,
    /// The partitions to read; within a session, only those that are new or whose position changed.
    pub topics: Vec<FetchTopic>,
    /// Partitions to drop from the session.
    #[kafka(versions = "7+")]
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// The consumer's rack; empty: none.
    #[kafka(versions = "11+", ignorable)]
    pub rack_id: String,
    pub unknown_tags: UnknownTags,
}

/// Which replica is asking.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReplicaState {
    /// -1: a consumer.
    #[kafka(default = -1)]
    pub replica_id: i32,
    /// The broker epoch of the replica; -1: unknown.
    #[kafka(default = -1)]
    pub replica_epoch: i64,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to read of it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchTopic {
    #[kafka(versions = "0-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<FetchPartition>,
    pub unknown_tags: UnknownTags,
}

/// Where to start in one partition, and how much to read.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchPartition {
    pub partition: i32,
    /// The leader epoch that the sender knows, checked against that of the leader; -1: no check.
    #[kafka(versions = "9+", default = -1, ignorable)]
    pub current_leader_epoch: i32,
    pub fetch_offset: i64,
    /// The leader epoch of the last record read, for finding out whether the logs have diverged;
    /// -1: none.
    #[kafka(versions = "12+", default = -1)]
    pub last_fetched_epoch: i32,
    /// The first offset that a follower holds; -1: a consumer.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub log_start_offset: i64,
    /// Bytes of records from this partition. The first batch of the whole answer is sent even if
    /// larger.
    pub partition_max_bytes: i32,
    /// The log directory of a KRaft replica; zero: unknown.
    #[kafka(versions = "17+", tag = 0, ignorable)]
    pub replica_directory_id: Uuid,
    /// The high watermark that the replica knows; -1: unknown; `i64::MAX`: the sender takes no part
    /// in this.
    #[kafka(versions = "18+", tag = 1, default = 9223372036854775807, ignorable)]
    pub high_watermark: i64,
    pub unknown_tags: UnknownTags,
}

/// Partitions of one topic that leave the session.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ForgottenTopic {
    #[kafka(versions = "7-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The batches of each partition, from the offset that was asked for. The first batch may start
/// before that offset, and the last may be cut short.
///
/// - v5 adds `log_start_offset` (KIP-107)
/// - v6 may carry KAFKA_STORAGE_ERROR (KIP-112)
/// - v7 adds `error_code` and `session_id` for fetch sessions (KIP-227)
/// - v8 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v10 may carry batches compressed with zstd (KIP-110)
/// - v11 adds `preferred_read_replica` (KIP-392)
/// - v12 adds `diverging_epoch` and `current_leader` (KIP-595), and `snapshot_id` (KIP-630); first
///   flexible version
/// - v13 names topics by id (KIP-516)
/// - v14 may carry OFFSET_MOVED_TO_TIERED_STORAGE (KIP-405)
/// - v16 adds `node_endpoints` (KIP-951)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1, versions = "4-18", flexible = "12+")]
pub struct FetchResponse {
    pub throttle_time_ms: i32,
    #[kafka(versions = "7+", ignorable)]
    pub error_code: ErrorCode,
    /// The session to name in the next request; 0: none.
    #[kafka(versions = "7+")]
    pub session_id: i32,
    /// Within a session, only the partitions that have something new.
    pub responses: Vec<FetchableTopicResponse>,
    #[kafka(versions = "16+", tag = 0)]
    pub node_endpoints: Vec<NodeEndpoint>,
    pub unknown_tags: UnknownTags,
}

/// What was read of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchableTopicResponse {
    #[kafka(versions = "0-12", ignorable)]
    pub topic: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// What was read of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    /// The offset after the last record that all in-sync replicas have; consumers see nothing
    /// beyond it.
    pub high_watermark: i64,
    /// The offset below which every transaction is decided; -1: unknown.
    #[kafka(default = -1)]
    pub last_stable_offset: i64,
    /// The first offset that the partition still holds; -1: unknown.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub log_start_offset: i64,
    /// Set when the reader's log has diverged from the leader's: the place to truncate to.
    #[kafka(versions = "12+", tag = 0)]
    pub diverging_epoch: EpochEndOffset,
    #[kafka(versions = "12+", tag = 1)]
    pub current_leader: LeaderIdAndEpoch,
    /// Set when the offset lies before the log's start, and a KRaft replica must take this snapshot
    /// instead.
    #[kafka(versions = "12+", tag = 2)]
    pub snapshot_id: SnapshotId,
    /// With isolation level 1, the aborted transactions in this range, whose records the consumer
    /// must skip; null: not asked for.
    #[kafka(default = [])]
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    /// The broker to read from next time; -1: stay here.
    #[kafka(versions = "11+", default = -1)]
    pub preferred_read_replica: i32,
    pub records: Option<Bytes>,
    pub unknown_tags: UnknownTags,
}

/// The last leader epoch that both logs share, and where it ends; -1: not set.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct EpochEndOffset {
    #[kafka(default = -1)]
    pub epoch: i32,
    /// The offset after the last record of the epoch.
    #[kafka(default = -1)]
    pub end_offset: i64,
    pub unknown_tags: UnknownTags,
}

/// The leader of a partition, as the answering broker knows it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct LeaderIdAndEpoch {
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_id: i32,
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// Names a snapshot of the metadata log; -1: not set.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SnapshotId {
    #[kafka(default = -1)]
    pub end_offset: i64,
    #[kafka(default = -1)]
    pub epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// A transaction that ended in an abort.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AbortedTransaction {
    pub producer_id: i64,
    /// The offset of the first record of the transaction.
    pub first_offset: i64,
    pub unknown_tags: UnknownTags,
}

/// Where a broker named by `current_leader` listens.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct NodeEndpoint {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    /// Null: none configured.
    pub rack: Option<String>,
    pub unknown_tags: UnknownTags,
}
