use super::prelude::*;

/// Carries one step of a SASL exchange, after a SaslHandshake of v1 (KIP-152).
///
/// - v1 accepts a session lifetime in the response (KIP-368)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 36, versions = "0-2", flexible = "2+")]
pub struct SaslAuthenticateRequest {
    /// As the mechanism defines them.
    pub auth_bytes: Bytes,
    pub unknown_tags: UnknownTags,
}

/// The broker's turn in a SASL exchange.
///
/// - v1 adds `session_lifetime_ms` (KIP-368)
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 36, versions = "0-2", flexible = "2+")]
pub struct SaslAuthenticateResponse {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    /// As the mechanism defines them.
    pub auth_bytes: Bytes,
    /// Milliseconds after which the connection must authenticate again; 0: never.
    #[kafka(versions = "1+", ignorable)]
    pub session_lifetime_ms: i64,
    pub unknown_tags: UnknownTags,
}
