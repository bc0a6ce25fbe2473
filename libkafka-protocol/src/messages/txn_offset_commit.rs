use super::prelude::*;

/// Stores the offsets of a consumer group as a part of a transaction: they count once it commits.
/// It goes to the coordinator of the group.
///
/// - v2 adds `committed_leader_epoch` (KIP-320)
/// - v3 adds `member_id`, `group_instance_id` and `generation_id_or_member_epoch`, so that members
///   of the past are fenced (KIP-447); first flexible version
/// - v4 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
/// - v5 adds the group to the transaction by itself, with no AddOffsetsToTxn before it, where the
///   cluster runs `transaction.version` 2 (KIP-890)
/// - v6 names topics by id (KIP-1319)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 28,
    versions = "0-6",
    flexible = "3+",
    broker = "group_coordinator"
)]
pub struct TxnOffsetCommitRequest {
    pub transactional_id: String,
    pub group_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// The generation of a classic group, or the epoch of a member of the consumer protocol; -1: no
    /// check.
    #[kafka(versions = "3+", default = -1)]
    pub generation_id_or_member_epoch: i32,
    /// Empty: no check.
    #[kafka(versions = "3+")]
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    #[kafka(versions = "3+")]
    pub group_instance_id: Option<String>,
    pub topics: Vec<TxnOffsetCommitRequestTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the offsets of its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitRequestTopic {
    #[kafka(versions = "0-5", ignorable)]
    pub name: String,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<TxnOffsetCommitRequestPartition>,
    pub unknown_tags: UnknownTags,
}

/// The position in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitRequestPartition {
    pub partition_index: i32,
    /// The offset of the next record to read.
    pub committed_offset: i64,
    /// The epoch of the last record read; -1: unknown.
    #[kafka(versions = "2+", default = -1, ignorable)]
    pub committed_leader_epoch: i32,
    /// Free text, given back with the offset.
    #[kafka(default = "")]
    pub committed_metadata: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether its offset was taken.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 may carry ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID and FENCED_INSTANCE_ID (KIP-447); first
///   flexible version
/// - v4 may carry TRANSACTION_ABORTABLE (KIP-890)
/// - v6 names topics by id, and may carry GROUP_ID_NOT_FOUND, STALE_MEMBER_EPOCH and
///   UNKNOWN_TOPIC_ID (KIP-1319)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 28, versions = "0-6", flexible = "3+")]
pub struct TxnOffsetCommitResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<TxnOffsetCommitResponseTopic>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitResponseTopic {
    #[kafka(versions = "0-5", ignorable)]
    pub name: String,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<TxnOffsetCommitResponsePartition>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
