use super::prelude::*;

/// Brings the expiry of a delegation token forward, or ends it at once (KIP-48).
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 40, versions = "1-2", flexible = "2+")]
pub struct ExpireDelegationTokenRequest {
    /// The token's secret.
    pub hmac: Bytes,
    /// Milliseconds from now until the new expiry; below zero: at once.
    pub expiry_time_period_ms: i64,
    pub unknown_tags: UnknownTags,
}

/// The new expiry.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 40, versions = "1-2", flexible = "2+")]
pub struct ExpireDelegationTokenResponse {
    pub error_code: ErrorCode,
    /// Milliseconds since the epoch.
    pub expiry_timestamp_ms: i64,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}
