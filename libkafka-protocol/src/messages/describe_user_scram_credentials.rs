use super::prelude::*;

/// Asks which users have SCRAM credentials, and of which kind (KIP-554).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 50, versions = "0", flexible = "0+")]
pub struct DescribeUserScramCredentialsRequest {
    /// Null or empty: all.
    #[kafka(default = [])]
    pub users: Option<Vec<UserName>>,
    pub unknown_tags: UnknownTags,
}

/// A user asked for.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct UserName {
    pub name: String,
    pub unknown_tags: UnknownTags,
}

/// The kinds of credentials of each user; never the credentials themselves.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 50, versions = "0", flexible = "0+")]
pub struct DescribeUserScramCredentialsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub results: Vec<DescribeUserScramCredentialsResult>,
    pub unknown_tags: UnknownTags,
}

/// The credentials of one user.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeUserScramCredentialsResult {
    pub user: String,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub credential_infos: Vec<CredentialInfo>,
    pub unknown_tags: UnknownTags,
}

/// A credential that the user has.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CredentialInfo {
    /// 1: SCRAM-SHA-256; 2: SCRAM-SHA-512.
    pub mechanism: i8,
    pub iterations: i32,
    pub unknown_tags: UnknownTags,
}
