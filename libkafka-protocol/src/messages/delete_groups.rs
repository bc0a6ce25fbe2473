use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 42,
    versions = "0-3",
    flexible = "2+",
    broker = "group_coordinator"
)]
pub struct DeleteGroupsRequest {
    pub groups_names: Vec<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 42, versions = "0-3", flexible = "2+")]
pub struct DeleteGroupsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<DeletableGroupResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DeletableGroupResult {
    pub group_id: String,
    pub error_code: ErrorCode,
    #[kafka(versions = "3+", ignorable)]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
