use super::prelude::*;

/// Tells the leader of the KRaft quorum where a voter listens now and what it supports. The voter
/// sends it for itself (KIP-853).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 82, versions = "0", flexible = "0+", broker = "controller")]
pub struct UpdateRaftVoterRequest {
    /// Null: no check.
    #[kafka(default = "")]
    pub cluster_id: Option<String>,
    /// The leader epoch that the sender knows; -1: unknown.
    pub current_leader_epoch: i32,
    pub voter_id: i32,
    /// The log directory that holds the voter's metadata log.
    pub voter_directory_id: Uuid,
    /// Where the voter listens.
    pub listeners: Vec<Listener>,
    #[kafka(name = "kRaftVersionFeature")]
    pub kraft_version_feature: KRaftVersionFeature,
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

/// The levels of `kraft.version` that the voter can run at.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct KRaftVersionFeature {
    pub min_supported_version: i16,
    pub max_supported_version: i16,
    pub unknown_tags: UnknownTags,
}

/// Says whether the change was noted, or who leads.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 82, versions = "0", flexible = "0+")]
pub struct UpdateRaftVoterResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(tag = 0)]
    pub current_leader: CurrentLeader,
    pub unknown_tags: UnknownTags,
}

/// The leader of the quorum.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct CurrentLeader {
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_id: i32,
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_epoch: i32,
    pub host: String,
    pub port: i32,
    pub unknown_tags: UnknownTags,
}
