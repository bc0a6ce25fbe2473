use super::prelude::*;

/// Chooses the SASL mechanism, as the first request of a connection after ApiVersions.
///
/// - v1 wraps the exchange that follows in SaslAuthenticate; after v0 it follows as bare bytes
///   (KIP-152)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 17, versions = "0-1")]
pub struct SaslHandshakeRequest {
    /// Such as `PLAIN`, `SCRAM-SHA-512`, `OAUTHBEARER` or `GSSAPI`.
    pub mechanism: String,
}

/// Accepts the mechanism, or names those that the broker offers.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 17, versions = "0-1")]
pub struct SaslHandshakeResponse {
    pub error_code: ErrorCode,
    pub mechanisms: Vec<String>,
}
