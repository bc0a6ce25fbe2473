use super::prelude::*;

/// Removes the registration of a broker that will not come back (KIP-631).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 64, versions = "0", flexible = "0+")]
pub struct UnregisterBrokerRequest {
    pub broker_id: i32,
    pub unknown_tags: UnknownTags,
}

/// Says whether the broker was removed.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 64, versions = "0", flexible = "0+")]
pub struct UnregisterBrokerResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
