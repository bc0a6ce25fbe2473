//! `RequestPacker`: decides which batches go together in a produce request.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Instant;

use super::lane_batch::LaneBatch;
use crate::topic_partition::TopicPartition;

/// The batches waiting for a connection, by partition, and the order in which partitions get their
/// turn.
///
/// A request contains at most one batch of each partition, so that the batches of a partition are
/// stored in order. Partitions take turns, so that none waits while another has two turns. A broker
/// answers a Produce request when the slowest of its partitions is done: a partition that is in
/// trouble is sent alone, and delays no other.
#[derive(Debug, Default)]
pub(super) struct RequestPacker {
    waiting: HashMap<TopicPartition, VecDeque<LaneBatch>>,
    /// Partitions that have batches, in the order of their turns.
    turns: VecDeque<TopicPartition>,
    in_trouble: HashSet<TopicPartition>,
    batches: usize,
    bytes: usize,
    /// No batch expires before this.
    next_expiry: Option<Instant>,
}

impl RequestPacker {
    /// Adds a batch after those of its partition.
    pub(super) fn push(&mut self, batch: LaneBatch) {
        self.count(&batch);
        let queue = self.waiting.entry(batch.partition.clone()).or_default();
        if queue.is_empty() {
            self.turns.push_back(batch.partition.clone());
        }
        queue.push_back(batch);
    }

    /// Puts back batches that were packed but could not be sent, before all others.
    pub(super) fn put_back(&mut self, batches: Vec<LaneBatch>) {
        for batch in batches.into_iter().rev() {
            self.count(&batch);
            let queue = self.waiting.entry(batch.partition.clone()).or_default();
            if !queue.is_empty() {
                self.turns.retain(|partition| *partition != batch.partition);
            }
            self.turns.push_front(batch.partition.clone());
            queue.push_front(batch);
        }
    }

    fn count(&mut self, batch: &LaneBatch) {
        self.batches += 1;
        self.bytes += batch.bytes.len();
        let expiry = batch.deadline.instant();
        self.next_expiry = Some(self.next_expiry.map_or(expiry, |next| next.min(expiry)));
    }

    /// The batches of the next request, of `max_bytes` in all, unless the first alone is larger;
    /// empty if nothing waits.
    pub(super) fn pack(&mut self, max_bytes: usize) -> Vec<LaneBatch> {
        let mut packed = Vec::new();
        let mut first_next_time = Vec::new();
        let mut size = 0;
        for _ in 0..self.turns.len() {
            let Some(partition) = self.turns.pop_front() else {
                break;
            };
            let alone = self.in_trouble.contains(&partition);
            let Some(queue) = self.waiting.get_mut(&partition) else {
                continue;
            };
            let next = queue.front().map_or(0, |batch| batch.bytes.len());
            let fits = packed.is_empty() || (!alone && size + next <= max_bytes);
            if !fits {
                first_next_time.push(partition);
                if alone {
                    continue;
                }
                break;
            }
            if let Some(batch) = queue.pop_front() {
                size += batch.bytes.len();
                packed.push(batch);
            }
            if queue.is_empty() {
                self.waiting.remove(&partition);
            } else {
                self.turns.push_back(partition);
            }
            if alone {
                break;
            }
        }
        for partition in first_next_time.into_iter().rev() {
            self.turns.push_front(partition);
        }
        self.batches -= packed.len();
        self.bytes -= size;
        packed
    }

    /// Removes the batches whose deadline has passed.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<LaneBatch> {
        if self.next_expiry.is_none_or(|next| now < next) {
            return Vec::new();
        }
        self.take_out(|batch| batch.deadline.instant() <= now)
    }

    /// Removes everything.
    pub(super) fn take_all(&mut self) -> Vec<LaneBatch> {
        self.take_out(|_| true)
    }

    /// Removes the batches of one partition.
    pub(super) fn take_partition(&mut self, partition: &TopicPartition) -> Vec<LaneBatch> {
        if !self.waiting.contains_key(partition) {
            return Vec::new();
        }
        self.take_out(|batch| batch.partition == *partition)
    }

    fn take_out(&mut self, is_out: impl Fn(&LaneBatch) -> bool) -> Vec<LaneBatch> {
        let mut taken = Vec::new();
        for partition in std::mem::take(&mut self.turns) {
            let Some(queue) = self.waiting.remove(&partition) else {
                continue;
            };
            let (out, stay): (VecDeque<_>, VecDeque<_>) = queue.into_iter().partition(&is_out);
            taken.extend(out);
            if !stay.is_empty() {
                self.waiting.insert(partition.clone(), stay);
                self.turns.push_back(partition);
            }
        }
        self.batches -= taken.len();
        self.bytes -= taken.iter().map(|batch| batch.bytes.len()).sum::<usize>();
        let left = self.waiting.values().flatten();
        self.next_expiry = left.map(|batch| batch.deadline.instant()).min();
        taken
    }

    /// Sets whether a partition is in trouble and is sent alone.
    pub(super) fn set_trouble(&mut self, partition: &TopicPartition, in_trouble: bool) {
        if in_trouble {
            self.in_trouble.insert(partition.clone());
        } else if !self.in_trouble.is_empty() {
            self.in_trouble.remove(partition);
        }
    }

    /// The partitions that are sent alone.
    pub(super) fn in_trouble(&self) -> impl Iterator<Item = &TopicPartition> {
        self.in_trouble.iter()
    }

    /// The number of waiting batches.
    pub(super) fn len(&self) -> usize {
        self.batches
    }

    /// The size of the waiting batches, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// When [`expire`](Self::expire) may have something to remove.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        self.next_expiry.filter(|_| self.batches > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;
    use crate::deadline::Deadline;

    fn batch(partition: i32, bytes: &'static [u8]) -> LaneBatch {
        LaneBatch {
            partition: TopicPartition::new("topic", partition),
            topic_id: None,
            bytes: Bytes::from_static(bytes),
            deadline: Deadline::after(Duration::from_secs(60)),
            tag: 0,
        }
    }

    fn packed(packer: &mut RequestPacker, max_bytes: usize) -> Vec<(i32, &'static str)> {
        let text =
            |bytes: &Bytes| -> &'static str { String::from_utf8_lossy(bytes).into_owned().leak() };
        let packed = packer.pack(max_bytes);
        packed
            .iter()
            .map(|batch| (batch.partition.partition, text(&batch.bytes)))
            .collect()
    }

    #[test]
    fn a_request_has_one_batch_of_each_partition() {
        let mut packer = RequestPacker::default();
        for (partition, bytes) in [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (3, "e")] {
            packer.push(batch(partition, bytes.as_bytes()));
        }
        assert_eq!(packed(&mut packer, 100), [(1, "a"), (2, "c"), (3, "e")]);
        assert_eq!(packed(&mut packer, 100), [(1, "b")]);
        assert_eq!(packed(&mut packer, 100), [(1, "d")]);
        assert_eq!(packed(&mut packer, 100), []);
        assert_eq!((packer.len(), packer.bytes()), (0, 0));
    }

    #[test]
    fn what_does_not_fit_comes_first_in_the_next_request() {
        let mut packer = RequestPacker::default();
        for (partition, bytes) in [(1, "aaaa"), (2, "bbbbb"), (3, "c"), (1, "d")] {
            packer.push(batch(partition, bytes.as_bytes()));
        }
        assert_eq!(packed(&mut packer, 8), [(1, "aaaa")]);
        assert_eq!(packed(&mut packer, 8), [(2, "bbbbb"), (3, "c"), (1, "d")]);
    }

    #[test]
    fn no_partition_has_a_second_turn_before_each_has_had_its_first() {
        let mut packer = RequestPacker::default();
        for _ in 0..3 {
            for partition in 0..10 {
                packer.push(batch(partition, b"x"));
            }
        }
        let troubled = TopicPartition::new("topic", 4);
        packer.set_trouble(&troubled, true);
        let mut turns = [0; 10];
        while packer.len() > 0 {
            // Whoever has just had a turn has more to send than the others.
            for (partition, _) in packed(&mut packer, 3) {
                turns[partition as usize] += 1;
                if turns[partition as usize] < 5 {
                    packer.push(batch(partition, b"x"));
                }
            }
            let (least, most) = (turns.iter().min(), turns.iter().max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{turns:?}");
        }
    }

    #[test]
    fn a_batch_larger_than_a_request_may_be_goes_by_itself() {
        let mut packer = RequestPacker::default();
        packer.push(batch(1, b"aaaaaaaa"));
        packer.push(batch(2, b"b"));
        assert_eq!(packed(&mut packer, 4), [(1, "aaaaaaaa")]);
        assert_eq!(packed(&mut packer, 4), [(2, "b")]);
    }

    #[test]
    fn a_partition_in_trouble_travels_alone_until_it_is_well() {
        let mut packer = RequestPacker::default();
        for partition in [1, 2, 3] {
            packer.push(batch(partition, b"x"));
            packer.push(batch(partition, b"y"));
        }
        packer.set_trouble(&TopicPartition::new("topic", 2), true);
        assert_eq!(packed(&mut packer, 100), [(1, "x"), (3, "x")]);
        assert_eq!(packed(&mut packer, 100), [(2, "x")]);
        packer.set_trouble(&TopicPartition::new("topic", 2), false);
        assert_eq!(packed(&mut packer, 100), [(1, "y"), (3, "y"), (2, "y")]);
    }

    #[test]
    fn what_was_put_back_leaves_again_before_what_is_behind_it() {
        let mut packer = RequestPacker::default();
        for (partition, bytes) in [(1, "a"), (2, "b"), (1, "c")] {
            packer.push(batch(partition, bytes.as_bytes()));
        }
        let first = packer.pack(100);
        packer.put_back(first);
        assert_eq!(packed(&mut packer, 100), [(1, "a"), (2, "b")]);
        assert_eq!(packed(&mut packer, 100), [(1, "c")]);
    }

    #[test]
    fn only_what_is_past_its_deadline_expires() {
        let mut packer = RequestPacker::default();
        let mut late = batch(1, b"late");
        late.deadline = Deadline::now();
        packer.push(batch(1, b"a"));
        packer.push(late);
        let expired = packer.expire(Instant::now());
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].bytes, "late");
        assert!(packer.expire(Instant::now()).is_empty());
        assert_eq!(packed(&mut packer, 100), [(1, "a")]);
    }

    proptest! {
        #[test]
        fn every_batch_leaves_once_and_in_the_order_of_its_partition(
            steps in prop::collection::vec((0..6_i32, 1..40_usize, 0..4_u8), 0..100),
        ) {
            static ZEROS: [u8; 40] = [0; 40];
            let mut packer = RequestPacker::default();
            let mut pushed: HashMap<i32, Vec<usize>> = HashMap::new();
            let mut left: HashMap<i32, Vec<usize>> = HashMap::new();
            let pack = |packer: &mut RequestPacker, left: &mut HashMap<i32, Vec<usize>>| {
                let packed = packer.pack(50);
                let mut seen = HashSet::new();
                let size: usize = packed.iter().map(|batch| batch.bytes.len()).sum();
                assert!(size <= 50);
                for batch in packed {
                    assert!(seen.insert(batch.partition.partition));
                    left.entry(batch.partition.partition).or_default().push(batch.bytes.len());
                }
                assert!(packer.len() == 0 || !seen.is_empty());
            };
            for (partition, size, kind) in steps {
                match kind {
                    0 => pack(&mut packer, &mut left),
                    1 => {
                        let of = TopicPartition::new("topic", partition);
                        packer.set_trouble(&of, size % 2 == 0);
                    }
                    _ => {
                        packer.push(batch(partition, &ZEROS[..size]));
                        pushed.entry(partition).or_default().push(size);
                    }
                }
            }
            while packer.len() > 0 {
                pack(&mut packer, &mut left);
            }
            prop_assert_eq!(pushed, left);
            prop_assert_eq!(packer.bytes(), 0);
        }
    }
}
