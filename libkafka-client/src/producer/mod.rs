//! Producing: to one partition, in a pipeline, idempotently.

mod idempotence;
mod partition_producer;
mod sequence;

pub use self::partition_producer::{Acks, PartitionProducer, Produced};
pub use self::sequence::Sequence;
