//! `LaneBatch`: a batch on a lane, and its outcome.

use std::sync::Arc;

use bytes::Bytes;
use libkafka_protocol::Uuid;

use super::produced::Produced;
use crate::cluster::LeaderHint;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::topic_partition::TopicPartition;

/// A batch for a [`ProduceLane`](crate::ProduceLane) to carry.
#[derive(Debug, Clone)]
pub struct LaneBatch {
    /// The partition to send it to.
    pub partition: TopicPartition,
    /// The id of the topic, which requests to brokers from Kafka 4.1 on use; `None` if it is not
    /// known.
    pub topic_id: Option<Uuid>,
    /// The batch.
    pub bytes: Bytes,
    /// The deadline by which it must be sent and answered. Once that has passed, it is given up
    /// with [`Error::Timeout`], and is in doubt if it was sent.
    pub deadline: Deadline,
    /// A number of the caller's choice to identify the batch.
    pub tag: u64,
}

/// The outcome of a batch on a lane.
#[derive(Debug)]
#[non_exhaustive]
pub struct LaneOutcome {
    /// The batch, as it was given to the lane.
    pub batch: LaneBatch,
    /// The request that contained it; `None` if it was in none, or in one that could not be sent.
    pub exchange: Option<Arc<Exchange>>,
    /// Where it was stored, or what went wrong. An error that ended a connection is shared by all
    /// batches that were on it.
    pub result: Result<Produced, Arc<Error>>,
    /// Whether the batch may be in the log in spite of the error.
    pub possibly_written: bool,
    /// The leader that the broker named because it does not lead itself (KIP-951).
    pub leader: Option<LeaderHint>,
}
