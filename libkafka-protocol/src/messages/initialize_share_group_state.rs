use super::prelude::*;

/// Creates the stored state of share partitions. The group coordinator sends it to the share
/// coordinator (KIP-932).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 83,
    versions = "0",
    flexible = "0+",
    broker = "share_coordinator"
)]
pub struct InitializeShareGroupStateRequest {
    pub group_id: String,
    pub topics: Vec<InitializeStateData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct InitializeStateData {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// The first state of one share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition: i32,
    /// Increases each time the state is set again.
    pub state_epoch: i32,
    /// The first offset to hand out; -1: not known yet.
    pub start_offset: i64,
    pub unknown_tags: UnknownTags,
}

/// Says for each share partition whether its state was created.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 83, versions = "0", flexible = "0+")]
pub struct InitializeShareGroupStateResponse {
    pub results: Vec<InitializeStateResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct InitializeStateResult {
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
