//! Producing: to one partition, in a pipeline, idempotently.

#[allow(
    dead_code,
    reason = "the producer of whole topics is to be built on it"
)]
mod batch_queue;
#[allow(
    dead_code,
    reason = "the producer of whole topics is to be built on it"
)]
mod delivery;
mod idempotence;
mod lane_batch;
mod lane_options;
mod lane_response;
mod numbering;
mod options;
mod partition_producer;
mod partitioner;
mod produce_lane;
mod produced;
#[allow(
    dead_code,
    reason = "the producer of whole topics is to be built on it"
)]
mod queued_batch;
mod request;
mod request_packer;

pub use self::lane_batch::{LaneBatch, LaneOutcome};
pub use self::lane_options::ProduceLaneOptions;
pub use self::options::{Acks, ProducerOptions};
pub use self::partition_producer::PartitionProducer;
pub use self::partitioner::{PartitionLoad, PartitionState, StickyPartitioner};
pub use self::produce_lane::ProduceLane;
pub use self::produced::Produced;
