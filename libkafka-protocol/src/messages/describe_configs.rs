use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 32, versions = "1-4", flexible = "4+")]
pub struct DescribeConfigsRequest {
    pub resources: Vec<DescribeConfigsResource>,
    pub include_synonyms: bool,
    #[kafka(versions = "3+")]
    pub include_documentation: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResource {
    pub resource_type: i8,
    pub resource_name: String,
    #[kafka(default = [])]
    pub configuration_keys: Option<Vec<String>>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 32, versions = "1-4", flexible = "4+")]
pub struct DescribeConfigsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<DescribeConfigsResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResult {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub resource_type: i8,
    pub resource_name: String,
    pub configs: Vec<DescribeConfigsResourceResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResourceResult {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    pub read_only: bool,
    #[kafka(default = -1)]
    pub config_source: i8,
    pub is_sensitive: bool,
    pub synonyms: Vec<DescribeConfigsSynonym>,
    #[kafka(versions = "3+", ignorable)]
    pub config_type: i8,
    #[kafka(versions = "3+", default = "", ignorable)]
    pub documentation: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsSynonym {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    pub source: i8,
    pub unknown_tags: UnknownTags,
}
