use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 74, versions = "0-1", flexible = "0+")]
pub struct ListConfigResourcesRequest {
    #[kafka(versions = "1+")]
    pub resource_types: Vec<i8>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 74, versions = "0-1", flexible = "0+")]
pub struct ListConfigResourcesResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub config_resources: Vec<ConfigResource>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ConfigResource {
    pub resource_name: String,
    #[kafka(versions = "1+", default = 16, ignorable)]
    pub resource_type: i8,
    pub unknown_tags: UnknownTags,
}
