use super::prelude::*;

/// The value of the control record that opens a snapshot of the metadata log (KIP-630).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct SnapshotHeaderRecord {
    /// Of this record; 0.
    pub version: i16,
    /// Milliseconds since the epoch at which the last record that the snapshot covers was written.
    pub last_contained_log_timestamp: i64,
    pub unknown_tags: UnknownTags,
}
