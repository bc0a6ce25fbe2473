use super::prelude::*;

/// The value of the control record that ends a snapshot of the metadata log (KIP-630).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct SnapshotFooterRecord {
    /// Of this record; 0.
    pub version: i16,
    pub unknown_tags: UnknownTags,
}
