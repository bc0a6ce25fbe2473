use super::prelude::*;

/// Acknowledges records that a member of a share group has locked, without reading more (KIP-932).
///
/// - v2 adds `is_renew_ack` (KIP-1222)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 79, versions = "1-2", flexible = "0+", broker = "leader")]
pub struct ShareAcknowledgeRequest {
    pub group_id: Option<String>,
    #[kafka(default = "")]
    pub member_id: Option<String>,
    /// Counts the requests of a session; -1 closes it.
    pub share_session_epoch: i32,
    /// Whether an acknowledgement below is a renewal.
    #[kafka(versions = "2+")]
    pub is_renew_ack: bool,
    pub topics: Vec<AcknowledgeTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AcknowledgeTopic {
    pub topic_id: Uuid,
    pub partitions: Vec<AcknowledgePartition>,
    pub unknown_tags: UnknownTags,
}

/// What to acknowledge of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AcknowledgePartition {
    pub partition_index: i32,
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

/// Says for each partition how the acknowledgements went.
///
/// - v2 adds `acquisition_lock_timeout_ms` (KIP-1222)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 79, versions = "1-2", flexible = "0+")]
pub struct ShareAcknowledgeResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    /// Milliseconds until renewed locks run out.
    #[kafka(versions = "2+", ignorable)]
    pub acquisition_lock_timeout_ms: i32,
    pub responses: Vec<ShareAcknowledgeTopicResponse>,
    pub node_endpoints: Vec<NodeEndpoint>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ShareAcknowledgeTopicResponse {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    /// Filled in when the error says that this broker does not lead the partition.
    pub current_leader: LeaderIdAndEpoch,
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
