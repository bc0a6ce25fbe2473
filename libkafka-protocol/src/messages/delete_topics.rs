use super::prelude::*;

/// Deletes topics and all that is in them.
///
/// - v3 accepts TOPIC_DELETION_DISABLED in the response (KIP-322)
/// - v4 is the first flexible version (KIP-482)
/// - v5 accepts THROTTLING_QUOTA_EXCEEDED and error messages in the response (KIP-599)
/// - v6 deletes by id too: `topics` replaces `topic_names` (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 20, versions = "1-6", flexible = "4+", broker = "controller")]
pub struct DeleteTopicsRequest {
    #[kafka(versions = "6+")]
    pub topics: Vec<DeleteTopicState>,
    #[kafka(versions = "0-5", ignorable)]
    pub topic_names: Vec<String>,
    /// Milliseconds to wait for the deletion.
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

/// A topic, by name or by id.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteTopicState {
    /// Null: delete by id.
    pub name: Option<String>,
    /// Zero: delete by name.
    pub topic_id: Uuid,
    pub unknown_tags: UnknownTags,
}

/// Says for each topic whether it was deleted.
///
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 may carry TOPIC_DELETION_DISABLED (KIP-322)
/// - v4 is the first flexible version (KIP-482)
/// - v5 adds `error_message` and may carry THROTTLING_QUOTA_EXCEEDED (KIP-599)
/// - v6 adds `topic_id` and lets `name` be null (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 20, versions = "1-6", flexible = "4+")]
pub struct DeleteTopicsResponse {
    pub throttle_time_ms: i32,
    pub responses: Vec<DeletableTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeletableTopicResult {
    /// Null: the id is unknown, or the caller may not see the name.
    #[kafka(nullable = "6+", default = "")]
    pub name: Option<String>,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub error_code: ErrorCode,
    #[kafka(versions = "5+", ignorable)]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
