use super::prelude::*;

/// Makes a controller a voter of the KRaft quorum (KIP-853).
///
/// - v1 adds `ack_when_committed` (KIP-1186)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 80, versions = "0-1", flexible = "0+")]
pub struct AddRaftVoterRequest {
    /// Null: no check.
    #[kafka(default = "")]
    pub cluster_id: Option<String>,
    /// Milliseconds to wait for the change.
    pub timeout_ms: i32,
    pub voter_id: i32,
    /// The log directory that holds the voter's metadata log.
    pub voter_directory_id: Uuid,
    /// Where the voter listens.
    pub listeners: Vec<Listener>,
    /// Whether the answer waits until the new set of voters is committed, rather than written by
    /// the leader.
    #[kafka(versions = "1+", default = true)]
    pub ack_when_committed: bool,
    pub unknown_tags: UnknownTags,
}

/// An address that the voter listens on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub unknown_tags: UnknownTags,
}

/// Says whether the voter was added.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 80, versions = "0-1", flexible = "0+")]
pub struct AddRaftVoterResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
