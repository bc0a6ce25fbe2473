use super::prelude::*;

/// The value of a control record in the metadata log that sets `kraft.version` (KIP-853).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct KRaftVersionRecord {
    /// Of this record; 0.
    pub version: i16,
    #[kafka(name = "kRaftVersion")]
    pub kraft_version: i16,
    pub unknown_tags: UnknownTags,
}
