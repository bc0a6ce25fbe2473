use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 29, versions = "1-3", flexible = "2+")]
pub struct DescribeAclsRequest {
    pub resource_type_filter: i8,
    #[kafka(default = "")]
    pub resource_name_filter: Option<String>,
    #[kafka(default = 3)]
    pub pattern_type_filter: i8,
    #[kafka(default = "")]
    pub principal_filter: Option<String>,
    #[kafka(default = "")]
    pub host_filter: Option<String>,
    pub operation: i8,
    pub permission_type: i8,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 29, versions = "1-3", flexible = "2+")]
pub struct DescribeAclsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub resources: Vec<DescribeAclsResource>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeAclsResource {
    pub resource_type: i8,
    pub resource_name: String,
    #[kafka(default = 3)]
    pub pattern_type: i8,
    pub acls: Vec<AclDescription>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AclDescription {
    pub principal: String,
    pub host: String,
    pub operation: i8,
    pub permission_type: i8,
    pub unknown_tags: UnknownTags,
}
