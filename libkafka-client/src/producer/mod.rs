//! Producing: to one partition, in a pipeline, idempotently.

mod idempotence;
mod options;
mod partition_producer;
mod partitioner;
mod produced;
mod request;

pub use self::options::{Acks, ProducerOptions};
pub use self::partition_producer::PartitionProducer;
pub use self::partitioner::{PartitionLoad, PartitionState, StickyPartitioner};
pub use self::produced::Produced;
