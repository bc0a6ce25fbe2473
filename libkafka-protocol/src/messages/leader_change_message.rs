use super::prelude::*;

/// The value of a control record in the metadata log: the first thing that a new KRaft leader
/// writes (KIP-595).
///
/// - v1 adds `voter_directory_id` (KIP-853)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "0+")]
pub struct LeaderChangeMessage {
    /// Of this record.
    pub version: i16,
    pub leader_id: i32,
    pub voters: Vec<Voter>,
    /// Those whose votes made the leader.
    pub granting_voters: Vec<Voter>,
    pub unknown_tags: UnknownTags,
}

/// A voter of the quorum.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Voter {
    pub voter_id: i32,
    /// Its log directory; zero: unknown.
    #[kafka(versions = "1+")]
    pub voter_directory_id: Uuid,
    pub unknown_tags: UnknownTags,
}
