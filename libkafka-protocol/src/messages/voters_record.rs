use super::prelude::*;

/// The value of a control record in the metadata log: the full set of KRaft voters from here on
/// (KIP-853).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct VotersRecord {
    /// Of this record; 0.
    pub version: i16,
    pub voters: Vec<Voter>,
    pub unknown_tags: UnknownTags,
}

/// A voter, where it listens and what it supports.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Voter {
    pub voter_id: i32,
    /// Its log directory.
    pub voter_directory_id: Uuid,
    pub endpoints: Vec<Endpoint>,
    #[kafka(name = "kRaftVersionFeature")]
    pub kraft_version_feature: KRaftVersionFeature,
    pub unknown_tags: UnknownTags,
}

/// An address that the voter listens on.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Endpoint {
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
