use super::prelude::*;

/// Deletes the stored state of share partitions. The group coordinator sends it to the share
/// coordinator (KIP-932).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 86,
    versions = "0",
    flexible = "0+",
    broker = "share_coordinator"
)]
pub struct DeleteShareGroupStateRequest {
    pub group_id: String,
    pub topics: Vec<DeleteStateData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteStateData {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
    pub unknown_tags: UnknownTags,
}

/// A share partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionData {
    pub partition: i32,
    pub unknown_tags: UnknownTags,
}

/// Says for each share partition whether its state is gone.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 86, versions = "0", flexible = "0+")]
pub struct DeleteShareGroupStateResponse {
    pub results: Vec<DeleteStateResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteStateResult {
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
