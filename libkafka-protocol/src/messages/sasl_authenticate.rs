use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 36, versions = "0-2", flexible = "2+")]
pub struct SaslAuthenticateRequest {
    pub auth_bytes: Bytes,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 36, versions = "0-2", flexible = "2+")]
pub struct SaslAuthenticateResponse {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub auth_bytes: Bytes,
    #[kafka(versions = "1+", ignorable)]
    pub session_lifetime_ms: i64,
    pub unknown_tags: UnknownTags,
}
