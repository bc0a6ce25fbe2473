use super::prelude::*;

/// Postpones the expiry of a delegation token (KIP-48).
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 39, versions = "1-2", flexible = "2+")]
pub struct RenewDelegationTokenRequest {
    /// The token's secret.
    pub hmac: Bytes,
    /// Milliseconds from now until the new expiry; -1: as configured on the brokers.
    pub renew_period_ms: i64,
    pub unknown_tags: UnknownTags,
}

/// The new expiry.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 39, versions = "1-2", flexible = "2+")]
pub struct RenewDelegationTokenResponse {
    pub error_code: ErrorCode,
    /// Milliseconds since the epoch.
    pub expiry_timestamp_ms: i64,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}
