use super::prelude::*;

/// Lists the resources that can have settings, by name and type. In v0 it is known as
/// ListClientMetricsResources (KIP-1000).
///
/// - v1 adds `resource_types`; v0 means client metrics (KIP-1142)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 74, versions = "0-1", flexible = "0+")]
pub struct ListConfigResourcesRequest {
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group. None: all.
    #[kafka(versions = "1+")]
    pub resource_types: Vec<i8>,
    pub unknown_tags: UnknownTags,
}

/// The resources found.
///
/// - v1 adds `resource_type` (KIP-1142)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 74, versions = "0-1", flexible = "0+")]
pub struct ListConfigResourcesResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub config_resources: Vec<ConfigResource>,
    pub unknown_tags: UnknownTags,
}

/// A resource that can have settings.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ConfigResource {
    pub resource_name: String,
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    #[kafka(versions = "1+", default = 16, ignorable)]
    pub resource_type: i8,
    pub unknown_tags: UnknownTags,
}
