use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "0+")]
pub struct LeaderChangeMessage {
    pub version: i16,
    pub leader_id: i32,
    pub voters: Vec<Voter>,
    pub granting_voters: Vec<Voter>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Voter {
    pub voter_id: i32,
    #[kafka(versions = "1+")]
    pub voter_directory_id: Uuid,
    pub unknown_tags: UnknownTags,
}
