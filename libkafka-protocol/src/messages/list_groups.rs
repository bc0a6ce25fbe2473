use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 16, versions = "0-5", flexible = "3+")]
pub struct ListGroupsRequest {
    #[kafka(versions = "4+")]
    pub states_filter: Vec<String>,
    #[kafka(versions = "5+")]
    pub types_filter: Vec<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 16, versions = "0-5", flexible = "3+")]
pub struct ListGroupsResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub groups: Vec<ListedGroup>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ListedGroup {
    pub group_id: String,
    pub protocol_type: String,
    #[kafka(versions = "4+", ignorable)]
    pub group_state: String,
    #[kafka(versions = "5+", ignorable)]
    pub group_type: String,
    pub unknown_tags: UnknownTags,
}
