//! [`Marker`]: the end of a transaction in the log of a partition.

use bytes::Bytes;
use libkafka_batch::{Builder, BuilderOptions, ProducerInfo};

use super::producer_id::ProducerId;

/// The end of a transaction, as it is written to a partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marker {
    pub(crate) producer: ProducerId,
    pub(crate) commit: bool,
    pub(crate) coordinator_epoch: i32,
    /// The timestamp, in milliseconds since 1970.
    pub(crate) timestamp: i64,
}

impl Marker {
    /// The control batch with the marker.
    pub(crate) fn batch(&self) -> Result<Bytes, libkafka_batch::Error> {
        let mut builder = Builder::with_options(BuilderOptions::new().producer(ProducerInfo {
            id: self.producer.id,
            epoch: self.producer.epoch,
            base_sequence: None,
            transactional: true,
        }));
        builder.add_end_transaction(self.commit, self.coordinator_epoch, self.timestamp)?;
        builder.build_bytes()
    }
}
