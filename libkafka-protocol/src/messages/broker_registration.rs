use super::prelude::*;

/// Registers a broker with the active controller when it starts (KIP-631).
///
/// - v1 adds `is_migrating_zk_broker` (KIP-866)
/// - v2 adds `log_dirs` (KIP-858)
/// - v3 adds `previous_broker_epoch` (KIP-966)
/// - v4 lists features with a minimum version of 0, which v3 leaves out
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 62, versions = "0-4", flexible = "0+", broker = "controller")]
pub struct BrokerRegistrationRequest {
    pub broker_id: i32,
    pub cluster_id: String,
    /// Generated each time the process starts.
    pub incarnation_id: Uuid,
    pub listeners: Vec<Listener>,
    pub features: Vec<Feature>,
    /// Null: none configured.
    #[kafka(default = "")]
    pub rack: Option<String>,
    #[kafka(versions = "1+")]
    pub is_migrating_zk_broker: bool,
    /// The ids of the log directories that work.
    #[kafka(versions = "2+", ignorable)]
    pub log_dirs: Vec<Uuid>,
    /// The epoch in which the broker last shut down cleanly; -1: it did not.
    #[kafka(versions = "3+", default = -1, ignorable)]
    pub previous_broker_epoch: i64,
    pub unknown_tags: UnknownTags,
}

/// An address that the broker listens on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
    /// 0: PLAINTEXT; 1: SSL; 2: SASL_PLAINTEXT; 3: SASL_SSL.
    pub security_protocol: i16,
    pub unknown_tags: UnknownTags,
}

/// A feature and the levels that the broker can run at.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Feature {
    pub name: String,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
    pub unknown_tags: UnknownTags,
}

/// The epoch of the registration.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 62, versions = "0-4", flexible = "0+")]
pub struct BrokerRegistrationResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// Goes into the broker's requests to the controller from now on; -1 on error.
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    pub unknown_tags: UnknownTags,
}
