use super::prelude::*;

/// Reads records for a member of a share group, and acknowledges earlier ones on the way. The
/// partition leader locks the records for this member until they are acknowledged or the lock runs
/// out (KIP-932).
///
/// - v2 adds `share_acquire_mode` (KIP-1206) and `is_renew_ack` (KIP-1222)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 78, versions = "1-2", flexible = "0+", broker = "leader")]
pub struct ShareFetchRequest {
    pub group_id: Option<String>,
    #[kafka(default = "")]
    pub member_id: Option<String>,
    /// Counts the requests of a session; 0 opens it, -1 closes it.
    pub share_session_epoch: i32,
    /// Milliseconds the broker may hold the request back while there is less than `min_bytes`.
    pub max_wait_ms: i32,
    pub min_bytes: i32,
    /// Bytes of records in all. The first batch of the answer is sent even if larger.
    #[kafka(default = 0x7fffffff)]
    pub max_bytes: i32,
    /// How many records to lock; in mode 0 whole batches may go beyond it.
    pub max_records: i32,
    /// How many records a batch of acquired records is to have.
    pub batch_size: i32,
    /// 0: whole batches; 1: never more than `max_records`.
    #[kafka(versions = "2+", ignorable)]
    pub share_acquire_mode: i8,
    /// Whether an acknowledgement below is a renewal; then nothing is fetched, and `max_wait_ms`,
    /// `min_bytes`, `max_bytes` and `max_records` must be 0.
    #[kafka(versions = "2+")]
    pub is_renew_ack: bool,
    /// Within a session, only what is new or has something to acknowledge.
    pub topics: Vec<FetchTopic>,
    /// Partitions to drop from the session.
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchTopic {
    pub topic_id: Uuid,
    pub partitions: Vec<FetchPartition>,
    pub unknown_tags: UnknownTags,
}

/// A partition to read, and what to acknowledge of it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FetchPartition {
    pub partition_index: i32,
    /// Of no use: only the early preview, v0, carried it.
    #[kafka(versions = "0")]
    pub partition_max_bytes: i32,
    pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    pub unknown_tags: UnknownTags,
}

/// What became of a run of records.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AcknowledgementBatch {
    pub first_offset: i64,
    /// The last offset that this is about.
    pub last_offset: i64,
    /// One for all records of the run, or one for each. 0: no record at this offset; 1: accept; 2:
    /// release, for another try; 3: reject; 4: renew the lock (from v2).
    pub acknowledge_types: Vec<i8>,
    pub unknown_tags: UnknownTags,
}

/// Partitions of one topic that leave the session.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ForgottenTopic {
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// The records of each partition, those that the member has locked, and how the acknowledgements
/// went.
///
/// - v2 knows acquire modes and renewals (KIP-1206, KIP-1222)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 78, versions = "1-2", flexible = "0+")]
pub struct ShareFetchResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    /// Milliseconds until the locks run out.
    pub acquisition_lock_timeout_ms: i32,
    pub responses: Vec<ShareFetchableTopicResponse>,
    pub node_endpoints: Vec<NodeEndpoint>,
    pub unknown_tags: UnknownTags,
}

/// What was read of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ShareFetchableTopicResponse {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// What was read of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    /// How the acknowledgements of the request went.
    pub acknowledge_error_code: ErrorCode,
    pub acknowledge_error_message: Option<String>,
    /// Filled in when the error says that this broker does not lead the partition.
    pub current_leader: LeaderIdAndEpoch,
    /// Whole batches, in which only `acquired_records` belong to this member.
    pub records: Bytes,
    pub acquired_records: Vec<AcquiredRecords>,
    pub unknown_tags: UnknownTags,
}

/// The leader of a partition, as the answering broker knows it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct LeaderIdAndEpoch {
    /// -1: unknown.
    pub leader_id: i32,
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// A run of records that the member has locked.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AcquiredRecords {
    pub first_offset: i64,
    /// The last offset of the run.
    pub last_offset: i64,
    /// How often these records have been handed out, this time included.
    pub delivery_count: i16,
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
