use super::prelude::*;

/// Reads the stored state of share partitions. A partition leader sends it to the share coordinator
/// when it takes over (KIP-932).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 84,
    versions = "0",
    flexible = "0+",
    broker = "share_coordinator"
)]
pub struct ReadShareGroupStateRequest {
    pub group_id: String,
    pub topics: Vec<ReadStateData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReadStateData {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// A share partition, and the epoch of the leader that asks.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition: i32,
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// The stored state of each share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 84, versions = "0", flexible = "0+")]
pub struct ReadShareGroupStateResponse {
    pub results: Vec<ReadStateResult>,
    pub unknown_tags: UnknownTags,
}

/// The states of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReadStateResult {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The state of one share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionResult {
    pub partition: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub state_epoch: i32,
    /// The first offset that is not finished; -1: not known yet.
    pub start_offset: i64,
    pub state_batches: Vec<StateBatch>,
    pub unknown_tags: UnknownTags,
}

/// A run of records in one state.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct StateBatch {
    pub first_offset: i64,
    /// The last offset of the run.
    pub last_offset: i64,
    /// 0: available; 2: acknowledged; 4: archived.
    pub delivery_state: i8,
    /// How often the records have been handed out.
    pub delivery_count: i16,
    pub unknown_tags: UnknownTags,
}
