use super::prelude::*;

/// Changes single settings of a resource and leaves the others as they are (KIP-339). The settings
/// of a broker logger must be sent to that broker itself.
///
/// - v1 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 44, versions = "0-1", flexible = "1+")]
pub struct IncrementalAlterConfigsRequest {
    pub resources: Vec<AlterConfigsResource>,
    /// Whether to check the request only, and change nothing.
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

/// A resource and the settings to change.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterConfigsResource {
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    pub resource_type: i8,
    pub resource_name: String,
    pub configs: Vec<AlterableConfig>,
    pub unknown_tags: UnknownTags,
}

/// A change of one setting.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterableConfig {
    pub name: String,
    /// 0: set; 1: delete, back to the default; 2: append to a list; 3: remove from a list.
    pub config_operation: i8,
    /// Null for a deletion.
    #[kafka(default = "")]
    pub value: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// Says for each resource whether it was changed.
///
/// - v1 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 44, versions = "0-1", flexible = "1+")]
pub struct IncrementalAlterConfigsResponse {
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
