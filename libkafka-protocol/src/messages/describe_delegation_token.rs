use super::prelude::*;

/// Lists delegation tokens that the caller may see (KIP-48).
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 accepts the requester of each token in the response (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 41, versions = "1-3", flexible = "2+")]
pub struct DescribeDelegationTokenRequest {
    /// Null: all.
    #[kafka(default = [])]
    pub owners: Option<Vec<DescribeDelegationTokenOwner>>,
    pub unknown_tags: UnknownTags,
}

/// A principal whose tokens are asked for.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeDelegationTokenOwner {
    pub principal_type: String,
    pub principal_name: String,
    pub unknown_tags: UnknownTags,
}

/// The tokens found.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `token_requester_principal_type` and `token_requester_principal_name` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 41, versions = "1-3", flexible = "2+")]
pub struct DescribeDelegationTokenResponse {
    pub error_code: ErrorCode,
    pub tokens: Vec<DescribedDelegationToken>,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}

/// A token.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedDelegationToken {
    /// Of the owner.
    pub principal_type: String,
    /// Of the owner.
    pub principal_name: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_type: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_name: String,
    /// Milliseconds since the epoch.
    pub issue_timestamp: i64,
    /// Milliseconds since the epoch.
    pub expiry_timestamp: i64,
    /// Milliseconds since the epoch beyond which the token cannot be renewed.
    pub max_timestamp: i64,
    /// Serves as the user name.
    pub token_id: String,
    /// The secret; in base64 it serves as the password.
    pub hmac: Bytes,
    pub renewers: Vec<DescribedDelegationTokenRenewer>,
    pub unknown_tags: UnknownTags,
}

/// A principal that may renew the token.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedDelegationTokenRenewer {
    pub principal_type: String,
    pub principal_name: String,
    pub unknown_tags: UnknownTags,
}
