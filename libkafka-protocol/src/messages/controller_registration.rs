use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 70, versions = "0", flexible = "0+", broker = "controller")]
pub struct ControllerRegistrationRequest {
    pub controller_id: i32,
    pub incarnation_id: Uuid,
    pub zk_migration_ready: bool,
    pub listeners: Vec<Listener>,
    pub features: Vec<Feature>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security_protocol: i16,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Feature {
    pub name: String,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 70, versions = "0", flexible = "0+")]
pub struct ControllerRegistrationResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
