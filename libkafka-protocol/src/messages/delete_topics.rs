use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 20, versions = "1-6", flexible = "4+", broker = "controller")]
pub struct DeleteTopicsRequest {
    #[kafka(versions = "6+")]
    pub topics: Vec<DeleteTopicState>,
    #[kafka(versions = "0-5", ignorable)]
    pub topic_names: Vec<String>,
    pub timeout_ms: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeleteTopicState {
    pub name: Option<String>,
    pub topic_id: Uuid,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 20, versions = "1-6", flexible = "4+")]
pub struct DeleteTopicsResponse {
    pub throttle_time_ms: i32,
    pub responses: Vec<DeletableTopicResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeletableTopicResult {
    #[kafka(nullable = "6+", default = "")]
    pub name: Option<String>,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub error_code: ErrorCode,
    #[kafka(versions = "5+", ignorable)]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
