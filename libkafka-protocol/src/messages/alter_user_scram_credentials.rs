use super::prelude::*;

/// Sets and removes SCRAM credentials (KIP-554). The client salts and hashes the password, so that
/// it never travels.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 51, versions = "0", flexible = "0+", broker = "controller")]
pub struct AlterUserScramCredentialsRequest {
    pub deletions: Vec<ScramCredentialDeletion>,
    pub upsertions: Vec<ScramCredentialUpsertion>,
    pub unknown_tags: UnknownTags,
}

/// A credential to remove.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ScramCredentialDeletion {
    pub name: String,
    /// 1: SCRAM-SHA-256; 2: SCRAM-SHA-512.
    pub mechanism: i8,
    pub unknown_tags: UnknownTags,
}

/// A credential to set.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ScramCredentialUpsertion {
    pub name: String,
    /// 1: SCRAM-SHA-256; 2: SCRAM-SHA-512.
    pub mechanism: i8,
    /// From 4096 to 16384.
    pub iterations: i32,
    /// Random bytes that the client chose.
    pub salt: Bytes,
    /// The password after salt and iterations (RFC 5802).
    pub salted_password: Bytes,
    pub unknown_tags: UnknownTags,
}

/// Says for each user whether the changes were made.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 51, versions = "0", flexible = "0+")]
pub struct AlterUserScramCredentialsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<AlterUserScramCredentialsResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one user.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AlterUserScramCredentialsResult {
    pub user: String,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
