use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 10, versions = "0-6", flexible = "3+")]
pub struct FindCoordinatorRequest {
    #[kafka(versions = "0-3")]
    pub key: String,
    #[kafka(versions = "1+")]
    pub key_type: i8,
    #[kafka(versions = "4+")]
    pub coordinator_keys: Vec<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 10, versions = "0-6", flexible = "3+")]
pub struct FindCoordinatorResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    #[kafka(versions = "0-3")]
    pub error_code: ErrorCode,
    #[kafka(versions = "1-3", default = "", ignorable)]
    pub error_message: Option<String>,
    #[kafka(versions = "0-3")]
    pub node_id: i32,
    #[kafka(versions = "0-3")]
    pub host: String,
    #[kafka(versions = "0-3")]
    pub port: i32,
    #[kafka(versions = "4+")]
    pub coordinators: Vec<Coordinator>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Coordinator {
    pub key: String,
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
