//! `InFlight`: the batches of a lane that have been sent and not answered, by request.

use std::collections::VecDeque;
use std::time::Instant;

use super::lane_batch::LaneBatch;

/// The batches that are on a connection, by request, in the order of the requests.
///
/// A batch has a time limit of its own, which says nothing of the request that contains it: the
/// request goes on without the batch, and so do the batches beside it.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    requests: VecDeque<Vec<LaneBatch>>,
    /// No batch expires before this.
    next_expiry: Option<Instant>,
}

impl InFlight {
    /// Adds the batches of the next request.
    pub(super) fn push(&mut self, batches: Vec<LaneBatch>) {
        let first = batches.iter().map(|batch| batch.deadline.instant()).min();
        self.next_expiry = self.next_expiry().into_iter().chain(first).min();
        self.requests.push_back(batches);
    }

    /// Removes the earliest request, and returns those of its batches that are not given up.
    pub(super) fn pop(&mut self) -> Option<Vec<LaneBatch>> {
        self.requests.pop_front()
    }

    /// Removes all requests.
    pub(super) fn take_all(&mut self) -> VecDeque<Vec<LaneBatch>> {
        std::mem::take(&mut self.requests)
    }

    /// Removes the batches whose deadline has passed from their requests.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<LaneBatch> {
        let mut expired = Vec::new();
        if self.next_expiry().is_none_or(|next| now < next) {
            return expired;
        }
        for batches in &mut self.requests {
            expired.extend(batches.extract_if(.., |batch| batch.deadline.instant() <= now));
        }
        let left = self.requests.iter().flatten();
        self.next_expiry = left.map(|batch| batch.deadline.instant()).min();
        expired
    }

    /// When [`expire`](Self::expire) may have something to remove.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        self.next_expiry.filter(|_| !self.is_empty())
    }

    /// The number of requests, including those all of whose batches are given up.
    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether there are no requests.
    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::deadline::Deadline;
    use crate::topic_partition::TopicPartition;

    #[test]
    fn a_batch_that_expires_leaves_its_request_and_those_beside_it_in_flight() {
        let now = Instant::now();
        let batch = |partition, seconds| LaneBatch {
            partition: TopicPartition::new("t", partition),
            topic_id: None,
            bytes: Bytes::new(),
            deadline: Deadline::at(now + Duration::from_secs(seconds)),
            tag: 0,
        };
        let partitions = |batches: Vec<LaneBatch>| -> Vec<i32> {
            let partitions = batches.iter().map(|batch| batch.partition.partition);
            partitions.collect()
        };
        let at = |seconds| now + Duration::from_secs(seconds);
        let mut in_flight = InFlight::default();
        assert_eq!(in_flight.next_expiry(), None);
        in_flight.push(vec![batch(0, 9), batch(1, 3), batch(2, 5)]);
        in_flight.push(vec![batch(3, 3)]);
        assert_eq!(in_flight.next_expiry(), Some(at(3)));
        assert!(in_flight.expire(at(2)).is_empty());
        assert_eq!(partitions(in_flight.expire(at(3))), [1, 3]);
        assert_eq!((in_flight.len(), in_flight.next_expiry()), (2, Some(at(5))));
        assert_eq!(partitions(in_flight.expire(at(5))), [2]);
        assert_eq!(partitions(in_flight.pop().unwrap()), [0]);
        // Its answer is still to come.
        assert!(in_flight.pop().unwrap().is_empty());
        assert!(in_flight.is_empty() && in_flight.next_expiry().is_none());
    }
}
