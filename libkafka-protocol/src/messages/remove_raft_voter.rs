use super::prelude::*;

/// Removes a controller from the voters of the KRaft quorum (KIP-853).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 81, versions = "0", flexible = "0+")]
pub struct RemoveRaftVoterRequest {
    /// Null: no check.
    #[kafka(default = "")]
    pub cluster_id: Option<String>,
    pub voter_id: i32,
    /// The log directory that holds the voter's metadata log.
    pub voter_directory_id: Uuid,
    pub unknown_tags: UnknownTags,
}

/// Says whether the voter was removed.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 81, versions = "0", flexible = "0+")]
pub struct RemoveRaftVoterResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
