use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 40, versions = "1-2", flexible = "2+")]
pub struct ExpireDelegationTokenRequest {
    pub hmac: Bytes,
    pub expiry_time_period_ms: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 40, versions = "1-2", flexible = "2+")]
pub struct ExpireDelegationTokenResponse {
    pub error_code: ErrorCode,
    pub expiry_timestamp_ms: i64,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}
