//! `LaneFetch`: what a lane fetched of a partition.

use super::fetched::Fetched;
use super::position::FetchPosition;
use crate::cluster::LeaderHint;
use crate::error::Error;
use crate::topic_partition::TopicPartition;

/// What a [`FetchLane`](crate::FetchLane) fetched of one partition.
#[derive(Debug)]
#[non_exhaustive]
pub struct LaneFetch {
    /// The partition.
    pub partition: TopicPartition,
    /// The position that was fetched from.
    pub position: FetchPosition,
    /// Batches, or where to go for them, or what went wrong.
    pub result: Result<FetchOutcome, Error>,
    /// The leader that the broker named instead of itself (KIP-951).
    pub leader: Option<LeaderHint>,
}

/// What a broker answers about a partition.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchOutcome {
    /// Batches. The lane fetches the partition again once it has been given the next position.
    Records(Fetched),
    /// Nothing is there yet. The lane goes on fetching from the same position by itself.
    Nothing(Fetched),
    /// Nothing, as this replica is to be read from instead (KIP-392): move the partition to a lane
    /// of that broker. After five minutes, or if that one fails, go back to the leader, which
    /// knows which replica is best by then.
    PreferredReplica(i32),
}
