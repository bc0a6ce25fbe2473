//! Producing: to one partition, in a pipeline, idempotently.

mod idempotence;
mod partition_producer;

pub use self::idempotence::Sequence;
pub use self::partition_producer::{Acks, PartitionProducer, Produced};
