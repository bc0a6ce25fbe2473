//! `FetchPosition` and `ReadReplica`: where in its log a partition is read, and from which broker.

use std::time::{Duration, Instant};

/// The position at which the next fetch of a partition begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct FetchPosition {
    /// The offset of the first record to fetch.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it: the [`partition_leader_epoch`] of
    /// its batch. With it, the broker notices if the log has lost that record in a change of
    /// leaders (KIP-320).
    ///
    /// [`partition_leader_epoch`]: crate::batch::BatchHeader::partition_leader_epoch
    pub last_fetched_epoch: Option<i32>,
}

impl FetchPosition {
    /// The position at this offset, without an epoch.
    pub fn new(offset: i64) -> Self {
        Self {
            offset,
            last_fetched_epoch: None,
        }
    }

    /// Sets the epoch of the leader that wrote the record before the offset.
    #[must_use]
    pub fn last_fetched_epoch(mut self, leader_epoch: i32) -> Self {
        self.last_fetched_epoch = Some(leader_epoch);
        self
    }
}

impl From<i64> for FetchPosition {
    fn from(offset: i64) -> Self {
        Self::new(offset)
    }
}

/// The replica that a partition is read from: the leader, or temporarily the one that the leader
/// prefers for this reader (KIP-392).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReadReplica {
    preferred: Option<(i32, Instant)>,
}

impl ReadReplica {
    /// How long a replica is read from before the leader is asked again which one is best: as long
    /// as Java's clients trust metadata.
    pub(crate) const LEASE: Duration = Duration::from_secs(5 * 60);

    /// Notes the replica that the leader prefers.
    pub(crate) fn prefer(&mut self, replica: i32, now: Instant) {
        self.preferred = Some((replica, now + Self::LEASE));
    }

    /// Returns to the leader.
    pub(crate) fn clear(&mut self) {
        self.preferred = None;
    }

    /// The preferred replica; `None` for the leader.
    pub(crate) fn preferred(&self, now: Instant) -> Option<i32> {
        let (replica, until) = self.preferred?;
        (now < until).then_some(replica)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preferred_replica_is_read_from_until_its_time_is_over() {
        let start = Instant::now();
        let mut replica = ReadReplica::default();
        assert_eq!(replica.preferred(start), None);
        replica.prefer(3, start);
        assert_eq!(replica.preferred(start), Some(3));
        assert_eq!(replica.preferred(start + ReadReplica::LEASE), None);
        replica.prefer(4, start);
        replica.clear();
        assert_eq!(replica.preferred(start), None);
    }
}
