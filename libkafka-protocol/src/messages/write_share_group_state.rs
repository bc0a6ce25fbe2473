use super::prelude::*;

/// Stores how far the records of share partitions have been delivered. A partition leader sends it
/// to the share coordinator (KIP-932).
///
/// - v1 adds `delivery_complete_count` (KIP-1226)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 85,
    versions = "0-1",
    flexible = "0+",
    broker = "share_coordinator"
)]
pub struct WriteShareGroupStateRequest {
    pub group_id: String,
    pub topics: Vec<WriteStateData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WriteStateData {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// The change in one share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition: i32,
    pub state_epoch: i32,
    pub leader_epoch: i32,
    /// The first offset that is not finished; -1: unchanged.
    pub start_offset: i64,
    /// How many records from `start_offset` on are finished; -1: unknown.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub delivery_complete_count: i32,
    /// Only the runs that have changed.
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

/// Says for each share partition whether its state was stored.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 85, versions = "0-1", flexible = "0+")]
pub struct WriteShareGroupStateResponse {
    pub results: Vec<WriteStateResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WriteStateResult {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionResult {
    pub partition: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
