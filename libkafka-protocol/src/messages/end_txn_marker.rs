use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
pub struct EndTxnMarker {
    pub coordinator_epoch: i32,
}
