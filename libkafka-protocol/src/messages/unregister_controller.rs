use super::prelude::*;

/// Removes the registration of a controller that will not come back (KIP-1312).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 94, versions = "0", flexible = "0+")]
pub struct UnregisterControllerRequest {
    pub controller_id: i32,
    pub unknown_tags: UnknownTags,
}

/// Says whether the controller was removed.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 94, versions = "0", flexible = "0+")]
pub struct UnregisterControllerResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
