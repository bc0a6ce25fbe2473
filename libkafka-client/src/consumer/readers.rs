//! `Readers`: the claims that a consumer reads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use super::claim_reader::ClaimReader;
use super::claimed_batch::ClaimedBatch;
use super::report::Report;
use crate::group::membership::Claim;
use crate::topic_partition::TopicPartition;

/// A question for a claim: the number of the claim, and that of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) claim: u64,
    pub(super) number: u64,
}

/// The claims that a consumer reads, those that have something to hand out, and those that need
/// something.
#[derive(Debug, Default)]
pub(super) struct Readers {
    /// In boxes, since half of a node of such a map is empty if keys only grow.
    all: BTreeMap<u64, Box<ClaimReader>>,
    numbers: BTreeMap<TopicPartition, u64>,
    /// In turn, so that fetches of each are handed out equally often.
    ready: VecDeque<u64>,
    /// The bytes of those in `ready`, by the broker of their lane.
    ready_bytes: BTreeMap<Option<i32>, usize>,
    /// Those that need something other than to continue as they are.
    unsettled: BTreeSet<u64>,
}

impl Readers {
    pub(super) fn insert(&mut self, reader: ClaimReader) {
        let number = reader.claim().number();
        let partition = reader.claim().partition().clone();
        self.numbers.insert(partition, number);
        self.all.insert(number, Box::new(reader));
        self.unsettled.insert(number);
    }

    pub(super) fn remove(&mut self, claim: &Claim) -> Option<Box<ClaimReader>> {
        let number = claim.number();
        self.get(claim)?;
        if self.numbers.get(claim.partition()) == Some(&number) {
            self.numbers.remove(claim.partition());
        }
        self.unsettled.remove(&number);
        let mut reader = self.all.remove(&number)?;
        uncount(&mut self.ready_bytes, &mut reader);
        Some(reader)
    }

    /// The reader of a live claim.
    pub(super) fn get(&self, claim: &Claim) -> Option<&ClaimReader> {
        let reader = self.all.get(&claim.number())?;
        (reader.claim() == claim).then_some(reader)
    }

    /// The same, mutably: it is examined again afterwards.
    pub(super) fn get_mut(&mut self, claim: &Claim) -> Option<&mut ClaimReader> {
        let reader = self.all.get_mut(&claim.number());
        let reader = reader.filter(|reader| reader.claim() == claim)?;
        self.unsettled.insert(claim.number());
        Some(reader)
    }

    /// The reader that asked a question, if it still waits for the answer.
    pub(super) fn answered(&mut self, question: Question) -> Option<&mut ClaimReader> {
        let reader = self.all.get_mut(&question.claim)?;
        if !reader.answered(question.number) {
            return None;
        }
        self.unsettled.insert(question.claim);
        Some(reader)
    }

    /// The reader of a partition.
    pub(super) fn of(&mut self, partition: &TopicPartition) -> Option<&mut ClaimReader> {
        let number = *self.numbers.get(partition)?;
        self.all.get_mut(&number).map(|reader| &mut **reader)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &ClaimReader> {
        self.all.values().map(|reader| &**reader)
    }

    /// All of them, mutably: they are examined again afterwards.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut ClaimReader> {
        self.unsettled.extend(self.all.keys());
        self.all.values_mut().map(|reader| &mut **reader)
    }

    /// Marks a claim to be examined again.
    pub(super) fn unsettle(&mut self, number: u64) {
        self.unsettled.insert(number);
    }

    /// Those that must be examined.
    pub(super) fn unsettled(&self) -> Vec<u64> {
        self.unsettled.iter().copied().collect()
    }

    /// The reader with this number, while it is examined.
    pub(super) fn by_number(&mut self, number: u64) -> Option<&mut ClaimReader> {
        self.all.get_mut(&number).map(|reader| &mut **reader)
    }

    /// Notes that it continues as it is.
    pub(super) fn settle(&mut self, number: u64) {
        self.unsettled.remove(&number);
    }

    /// When the first of those that must be examined can continue, if not at once.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let waiting = self.unsettled.iter();
        let waiting = waiting.filter_map(|number| self.all.get(number)?.not_before(now));
        waiting.min()
    }

    /// Queues a claim for handing out, if it has something.
    pub(super) fn queue(&mut self, number: u64) {
        self.queue_at(number, false);
    }

    /// Queues a claim that was given out a batch: before the others if more of the same fetch
    /// follows. So responses are handed out one after the other, and the lane of the first gets its
    /// memory back while the others are read.
    pub(super) fn queue_again(&mut self, number: u64) {
        let reader = self.all.get(&number);
        let is_first = reader.is_some_and(|reader| reader.is_amid_fetch());
        self.queue_at(number, is_first);
    }

    fn queue_at(&mut self, number: u64, is_first: bool) {
        if let Some(reader) = self.all.get_mut(&number)
            && !reader.is_busy
            && !reader.paused
            && reader.has_buffered()
        {
            if !uncount(&mut self.ready_bytes, reader) {
                match is_first {
                    true => self.ready.push_front(number),
                    false => self.ready.push_back(number),
                }
            }
            let bytes = reader.buffered_bytes();
            *self.ready_bytes.entry(reader.lane).or_default() += bytes;
            reader.queued = Some((reader.lane, bytes));
        }
    }

    /// Whether something may be handed out.
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether this many bytes from the lane of this broker can be handed out. Claims that were
    /// paused or moved since they were queued count until their turn.
    pub(super) fn have_ready(&self, broker: i32, bytes: usize) -> bool {
        let ready = self.ready_bytes.get(&Some(broker));
        ready.is_some_and(|ready| *ready >= bytes)
    }

    /// The next batch of the claim whose turn it is, or what is wrong with it; `None` if nothing is
    /// ready. The claim is not [queued](Self::queue) again.
    pub(super) fn next(&mut self, now: Instant) -> Option<(Claim, Result<ClaimedBatch, Report>)> {
        loop {
            let number = self.ready.pop_front()?;
            let Some(reader) = self.all.get_mut(&number) else {
                continue;
            };
            uncount(&mut self.ready_bytes, reader);
            if reader.paused || reader.is_busy || reader.claim().is_wanted_back() {
                continue;
            }
            let next = reader.next(now);
            if reader.lane_waits || next.is_err() {
                self.unsettled.insert(number);
            }
            if let Some(result) = next.transpose() {
                return Some((reader.claim().clone(), result));
            }
        }
    }
}

/// Notes that a claim is not queued any more. Returns whether it was.
fn uncount(ready_bytes: &mut BTreeMap<Option<i32>, usize>, reader: &mut ClaimReader) -> bool {
    let Some((lane, bytes)) = reader.queued.take() else {
        return false;
    };
    if let Some(ready) = ready_bytes.get_mut(&lane) {
        *ready -= bytes;
    }
    true
}

#[cfg(test)]
mod tests;
