use super::prelude::*;

/// Deletes the offsets of a share group without members, for whole topics (KIP-932).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 92,
    versions = "0",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct DeleteShareGroupOffsetsRequest {
    pub group_id: String,
    pub topics: Vec<DeleteShareGroupOffsetsRequestTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic to forget.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteShareGroupOffsetsRequestTopic {
    pub topic_name: String,
    pub unknown_tags: UnknownTags,
}

/// Says for each topic whether it was forgotten.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 92, versions = "0", flexible = "0+")]
pub struct DeleteShareGroupOffsetsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub responses: Vec<DeleteShareGroupOffsetsResponseTopic>,
    pub unknown_tags: UnknownTags,
}

/// The result of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteShareGroupOffsetsResponseTopic {
    pub topic_name: String,
    pub topic_id: Uuid,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
