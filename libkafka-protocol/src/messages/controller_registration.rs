use super::prelude::*;

/// Registers a controller with the active one when it starts (KIP-919).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 70, versions = "0", flexible = "0+", broker = "controller")]
pub struct ControllerRegistrationRequest {
    pub controller_id: i32,
    /// Generated each time the process starts.
    pub incarnation_id: Uuid,
    /// Whether the controller was set up for the migration from ZooKeeper (KIP-866).
    pub zk_migration_ready: bool,
    pub listeners: Vec<Listener>,
    pub features: Vec<Feature>,
    pub unknown_tags: UnknownTags,
}

/// An address that the controller listens on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
    /// 0: PLAINTEXT; 1: SSL; 2: SASL_PLAINTEXT; 3: SASL_SSL.
    pub security_protocol: i16,
    pub unknown_tags: UnknownTags,
}

/// A feature and the levels that the controller can run at.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Feature {
    pub name: String,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
    pub unknown_tags: UnknownTags,
}

/// Says whether the controller is registered.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 70, versions = "0", flexible = "0+")]
pub struct ControllerRegistrationResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
