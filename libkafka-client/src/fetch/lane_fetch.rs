//! `LaneFetch`: what a lane fetched for a partition.

use super::fetched::Fetched;
use super::position::FetchPosition;
use crate::cluster::LeaderHint;
use crate::error::Error;
use crate::topic_partition::TopicPartition;

/// What a [`FetchLane`](crate::FetchLane) fetched for one partition.
#[derive(Debug)]
#[non_exhaustive]
pub struct LaneFetch {
    /// The partition.
    pub partition: TopicPartition,
    /// The position of the fetch.
    pub position: FetchPosition,
    /// Batches, or another replica to read from, or what went wrong.
    pub result: Result<FetchOutcome, Error>,
    /// The leader that the broker named because it does not lead itself (KIP-951).
    pub leader: Option<LeaderHint>,
}

/// The answer of a broker about a partition.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchOutcome {
    /// Batches. The lane fetches the partition again once it has been given the next position.
    Records(Fetched),
    /// There are no batches yet. The lane continues to fetch from the same position by itself.
    Nothing(Fetched),
    /// No batches, because this replica should be read from instead (KIP-392): move the partition
    /// to a lane of that broker. After five minutes, or if that broker fails, return to the leader,
    /// which then knows which replica is best.
    PreferredReplica(i32),
}
