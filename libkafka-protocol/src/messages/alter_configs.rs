use super::prelude::*;

/// Replaces all settings of a resource: what the request leaves out goes back to its default.
/// Prefer IncrementalAlterConfigs, which changes single settings.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 33, versions = "0-2", flexible = "2+")]
pub struct AlterConfigsRequest {
    pub resources: Vec<AlterConfigsResource>,
    /// Whether to check the request only, and change nothing.
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

/// A resource and all its settings.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterConfigsResource {
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    pub resource_type: i8,
    pub resource_name: String,
    pub configs: Vec<AlterableConfig>,
    pub unknown_tags: UnknownTags,
}

/// A setting and its new value.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterableConfig {
    pub name: String,
    /// Null: the default.
    #[kafka(default = "")]
    pub value: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each resource whether it was changed.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 33, versions = "0-2", flexible = "2+")]
pub struct AlterConfigsResponse {
    pub throttle_time_ms: i32,
    pub responses: Vec<AlterConfigsResourceResponse>,
    pub unknown_tags: UnknownTags,
}

/// The result of one resource.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterConfigsResourceResponse {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    pub resource_type: i8,
    pub resource_name: String,
    pub unknown_tags: UnknownTags,
}
