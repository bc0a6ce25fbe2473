use super::prelude::*;

/// Reads the stored state of share partitions without its batches. The group coordinator sends it
/// to the share coordinator (KIP-932).
///
/// - v1 accepts `delivery_complete_count` in the response (KIP-1226)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 87,
    versions = "0-1",
    flexible = "0+",
    broker = "share_coordinator"
)]
pub struct ReadShareGroupStateSummaryRequest {
    pub group_id: String,
    pub topics: Vec<ReadStateSummaryData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReadStateSummaryData {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// A share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition: i32,
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// Where each share partition stands.
///
/// - v1 adds `delivery_complete_count` (KIP-1226)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 87, versions = "0-1", flexible = "0+")]
pub struct ReadShareGroupStateSummaryResponse {
    pub results: Vec<ReadStateSummaryResult>,
    pub unknown_tags: UnknownTags,
}

/// The states of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ReadStateSummaryResult {
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
    pub leader_epoch: i32,
    /// The first offset that is not finished; -1: not known yet.
    pub start_offset: i64,
    /// How many records from `start_offset` on are finished; -1: unknown.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub delivery_complete_count: i32,
    pub unknown_tags: UnknownTags,
}
