use super::prelude::*;

/// Issues a delegation token, with which a job can authenticate on behalf of its owner. It must
/// come over a connection that is itself authenticated, and not by a token (KIP-48).
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `owner_principal_type` and `owner_principal_name`, for tokens of others (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 38, versions = "1-3", flexible = "2+")]
pub struct CreateDelegationTokenRequest {
    /// Null: the caller.
    #[kafka(versions = "3+", default = "")]
    pub owner_principal_type: Option<String>,
    /// Null: the caller.
    #[kafka(versions = "3+", default = "")]
    pub owner_principal_name: Option<String>,
    /// Who else may renew the token.
    pub renewers: Vec<CreatableRenewers>,
    /// Milliseconds that the token can live at most, with all renewals; -1: as configured on the
    /// brokers.
    pub max_lifetime_ms: i64,
    pub unknown_tags: UnknownTags,
}

/// A principal that may renew the token.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CreatableRenewers {
    pub principal_type: String,
    pub principal_name: String,
    pub unknown_tags: UnknownTags,
}

/// The new token.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `token_requester_principal_type` and `token_requester_principal_name` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 38, versions = "1-3", flexible = "2+")]
pub struct CreateDelegationTokenResponse {
    pub error_code: ErrorCode,
    /// Of the owner.
    pub principal_type: String,
    /// Of the owner.
    pub principal_name: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_type: String,
    #[kafka(versions = "3+")]
    pub token_requester_principal_name: String,
    /// Milliseconds since the epoch.
    pub issue_timestamp_ms: i64,
    /// Milliseconds since the epoch; renewal moves it.
    pub expiry_timestamp_ms: i64,
    /// Milliseconds since the epoch beyond which the token cannot be renewed.
    pub max_timestamp_ms: i64,
    /// Serves as the user name.
    pub token_id: String,
    /// The secret; in base64 it serves as the password.
    pub hmac: Bytes,
    pub throttle_time_ms: i32,
    pub unknown_tags: UnknownTags,
}
