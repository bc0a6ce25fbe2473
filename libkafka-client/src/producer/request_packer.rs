//! `RequestPacker`: decides which batches go together in a produce request.

use std::collections::VecDeque;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::lane_batch::LaneBatch;
use crate::topic_partition::TopicPartition;

/// The batches waiting for a connection, by partition, and the order in which partitions get their
/// turn.
///
/// A request contains at most one batch of each partition, so that the batches of a partition are
/// stored in order. Partitions take turns, so that none waits while another has two turns. A broker
/// answers a Produce request when the slowest of its partitions is done: a partition that is in
/// trouble is sent alone, and delays no other.
///
/// A partition keeps its place here after its first batch, until
/// [`take_partition`](Self::take_partition), so its name is looked up once for each batch.
#[derive(Debug, Default)]
pub(super) struct RequestPacker {
    places: FxHashMap<TopicPartition, usize>,
    queues: Vec<Queue>,
    /// Places without a partition.
    free: Vec<usize>,
    /// The places of partitions that have batches, in the order of their turns.
    turns: VecDeque<usize>,
    /// The number of partitions in trouble.
    in_trouble: usize,
    batches: usize,
    bytes: usize,
    /// No batch expires before this.
    next_expiry: Option<Instant>,
}

/// The waiting batches of one partition.
#[derive(Debug)]
struct Queue {
    partition: TopicPartition,
    first: Option<LaneBatch>,
    /// The batches after it, which are rare.
    more: VecDeque<LaneBatch>,
    in_trouble: bool,
}

impl Queue {
    fn push_back(&mut self, batch: LaneBatch) {
        match self.first {
            None => self.first = Some(batch),
            Some(_) => self.more.push_back(batch),
        }
    }

    fn push_front(&mut self, batch: LaneBatch) {
        if let Some(second) = self.first.replace(batch) {
            self.more.push_front(second);
        }
    }

    fn pop_front(&mut self) -> Option<LaneBatch> {
        std::mem::replace(&mut self.first, self.more.pop_front())
    }

    fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    fn iter(&self) -> impl Iterator<Item = &LaneBatch> {
        self.first.iter().chain(&self.more)
    }

    /// Removes the batches for which `is_out` is true, and adds them to `taken`.
    fn take_out(&mut self, is_out: impl Fn(&LaneBatch) -> bool, taken: &mut Vec<LaneBatch>) {
        let first = self.first.take();
        for batch in first.into_iter().chain(std::mem::take(&mut self.more)) {
            match is_out(&batch) {
                true => taken.push(batch),
                false => self.push_back(batch),
            }
        }
    }
}

impl RequestPacker {
    /// Adds a batch after those of its partition.
    pub(super) fn push(&mut self, batch: LaneBatch) {
        self.count(&batch);
        let place = self.place(&batch.partition);
        let queue = &mut self.queues[place];
        if queue.is_empty() {
            self.turns.push_back(place);
        }
        queue.push_back(batch);
    }

    /// Puts back batches that were packed but could not be sent, before all others.
    pub(super) fn put_back(&mut self, batches: Vec<LaneBatch>) {
        for batch in batches.into_iter().rev() {
            self.count(&batch);
            let place = self.place(&batch.partition);
            let queue = &mut self.queues[place];
            if !queue.is_empty() {
                self.turns.retain(|other| *other != place);
            }
            self.turns.push_front(place);
            queue.push_front(batch);
        }
    }

    /// The place of a partition. Adds one if it has none.
    fn place(&mut self, partition: &TopicPartition) -> usize {
        if let Some(place) = self.places.get(partition) {
            return *place;
        }
        let queue = Queue {
            partition: partition.clone(),
            first: None,
            more: VecDeque::new(),
            in_trouble: false,
        };
        let place = match self.free.pop() {
            Some(place) => {
                self.queues[place] = queue;
                place
            }
            None => {
                self.queues.push(queue);
                self.queues.len() - 1
            }
        };
        self.places.insert(partition.clone(), place);
        place
    }

    fn count(&mut self, batch: &LaneBatch) {
        let expiry = batch.deadline.instant();
        let sooner = self.next_expiry().map_or(expiry, |next| next.min(expiry));
        self.next_expiry = Some(sooner);
        self.batches += 1;
        self.bytes += batch.bytes.len();
    }

    /// The batches of the next request, of `max_bytes` in all, unless the first alone is larger;
    /// empty if nothing waits.
    pub(super) fn pack(&mut self, max_bytes: usize) -> Vec<LaneBatch> {
        let mut packed = Vec::with_capacity(self.turns.len().min(512));
        let mut first_next_time = Vec::new();
        let mut size = 0;
        for _ in 0..self.turns.len() {
            let Some(place) = self.turns.pop_front() else {
                break;
            };
            let queue = &mut self.queues[place];
            let alone = queue.in_trouble;
            let next = queue.first.as_ref().map_or(0, |batch| batch.bytes.len());
            let fits = packed.is_empty() || (!alone && size + next <= max_bytes);
            if !fits {
                first_next_time.push(place);
                if alone {
                    continue;
                }
                break;
            }
            if let Some(batch) = queue.pop_front() {
                size += batch.bytes.len();
                packed.push(batch);
            }
            if !queue.is_empty() {
                self.turns.push_back(place);
            }
            if alone {
                break;
            }
        }
        for place in first_next_time.into_iter().rev() {
            self.turns.push_front(place);
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
        let taken = self.take_out(|batch| batch.deadline.instant() <= now);
        let left = self
            .turns
            .iter()
            .flat_map(|place| self.queues[*place].iter());
        self.next_expiry = left.map(|batch| batch.deadline.instant()).min();
        taken
    }

    /// Removes everything.
    pub(super) fn take_all(&mut self) -> Vec<LaneBatch> {
        self.take_out(|_| true)
    }

    /// Removes the batches of one partition, and its place unless it is in trouble.
    pub(super) fn take_partition(&mut self, partition: &TopicPartition) -> Vec<LaneBatch> {
        let mut taken = Vec::new();
        let Some(place) = self.places.get(partition).copied() else {
            return taken;
        };
        let queue = &mut self.queues[place];
        if !queue.is_empty() {
            self.turns.retain(|other| *other != place);
            queue.take_out(|_| true, &mut taken);
            self.discount(&taken);
        }
        if !self.queues[place].in_trouble {
            self.places.remove(partition);
            self.free.push(place);
        }
        taken
    }

    fn take_out(&mut self, is_out: impl Fn(&LaneBatch) -> bool) -> Vec<LaneBatch> {
        let mut taken = Vec::new();
        let queues = &mut self.queues;
        self.turns.retain(|place| {
            let queue = &mut queues[*place];
            queue.take_out(&is_out, &mut taken);
            !queue.is_empty()
        });
        self.discount(&taken);
        taken
    }

    fn discount(&mut self, taken: &[LaneBatch]) {
        self.batches -= taken.len();
        self.bytes -= taken.iter().map(|batch| batch.bytes.len()).sum::<usize>();
    }

    /// Sets whether a partition is in trouble and is sent alone.
    pub(super) fn set_trouble(&mut self, partition: &TopicPartition, in_trouble: bool) {
        if !in_trouble && self.in_trouble == 0 {
            return;
        }
        let place = match in_trouble {
            true => self.place(partition),
            false => match self.places.get(partition) {
                Some(place) => *place,
                None => return,
            },
        };
        let was = std::mem::replace(&mut self.queues[place].in_trouble, in_trouble);
        self.in_trouble = self.in_trouble + usize::from(in_trouble) - usize::from(was);
    }

    /// Whether partitions are sent alone.
    pub(super) fn has_trouble(&self) -> bool {
        self.in_trouble > 0
    }

    /// The partitions that are sent alone.
    pub(super) fn in_trouble(&self) -> impl Iterator<Item = &TopicPartition> {
        // A free place is never in trouble.
        let troubled = self.queues.iter().filter(|queue| queue.in_trouble);
        troubled.map(|queue| &queue.partition)
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
mod tests;
