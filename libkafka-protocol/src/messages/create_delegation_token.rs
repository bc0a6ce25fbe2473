use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 38, versions = "1-3", flexible = "2+")]
pub struct CreateDelegationTokenRequest {
    #[kafka(versions = "3+", default = "")]
    pub owner_principal_type: Option<String>,
    #[kafka(versions = "3+", default = "")]
    pub owner_principal_name: Option<String>,
    pub renewers: Vec<CreatableRenewers>,
    pub max_lifetime_ms: i64,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableRenewers {
    pub principal_type: String,
    pub principal_name: String,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 38, versions = "1-3", flexible = "2+")]
pub struct CreateDelegationTokenResponse {
    pub error_code: ErrorCode,
    pub principal_type: String,
    pub principal_name: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_type: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_name: String,
    pub issue_timestamp_ms: i64,
    pub expiry_timestamp_ms: i64,
    pub max_timestamp_ms: i64,
    pub token_id: String,
    pub hmac: Bytes,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}
