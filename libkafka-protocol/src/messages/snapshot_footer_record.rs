use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct SnapshotFooterRecord {
    pub version: i16,
    pub unknown_tags: UnknownTags,
}
