use super::prelude::*;

/// The value of a control record that ends a transaction, after an int16 version. Its key says
/// whether by commit or abort.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
pub struct EndTxnMarker {
    /// The leader epoch of the coordinator that wrote the marker.
    pub coordinator_epoch: i32,
}
