use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 62, versions = "0-4", flexible = "0+", broker = "controller")]
pub struct BrokerRegistrationRequest {
    pub broker_id: i32,
    pub cluster_id: String,
    pub incarnation_id: Uuid,
    pub listeners: Vec<Listener>,
    pub features: Vec<Feature>,
    #[kafka(default = "")]
    pub rack: Option<String>,
    #[kafka(versions = "1+")]
    pub is_migrating_zk_broker: bool,
    #[kafka(versions = "2+", ignorable)]
    pub log_dirs: Vec<Uuid>,
    #[kafka(versions = "3+", default = -1, ignorable)]
    pub previous_broker_epoch: i64,
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
#[kafka(api_key = 62, versions = "0-4", flexible = "0+")]
pub struct BrokerRegistrationResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    pub unknown_tags: UnknownTags,
}
