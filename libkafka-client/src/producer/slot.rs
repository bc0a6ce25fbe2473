//! `Slot` and `SlotList`: the partitions of a producer, which all threads find without a lock.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use super::batch_queue::BatchQueue;
use crate::topic_partition::TopicPartition;

/// A partition of the producer.
///
/// What `send` touches comes first and is one line of the processor's cache, down to the open batch
/// of the queue: with many partitions, a record costs what it has to wait for such lines.
#[repr(C, align(64))]
pub(super) struct Slot {
    /// Its number among the partitions of all topics, which is also that of its memory account.
    pub(super) id: u32,
    pub(super) queue: Mutex<BatchQueue>,
    pub(super) partition: TopicPartition,
    /// Whether it is in the inbox, with closed batches.
    pub(super) is_listed: AtomicBool,
    /// The number of closed batches that have not been sent, for the partitioner.
    pub(super) waiting: AtomicU32,
}

impl Slot {
    pub(super) fn new(id: u32, topic: &Arc<str>, partition: u32, queue: BatchQueue) -> Self {
        Self {
            id,
            partition: TopicPartition::new(Arc::clone(topic), partition as i32),
            queue: Mutex::new(queue),
            is_listed: AtomicBool::new(false),
            waiting: AtomicU32::new(0),
        }
    }
}

/// The number of slots in the first chunk; each further chunk has twice as many as the previous
/// one.
const FIRST_CHUNK: usize = 16;
/// Enough for 2^31 partitions.
const CHUNKS: usize = 28;

type Chunk = OnceLock<Box<[OnceLock<Arc<Slot>>]>>;

/// Slots by number: those of a topic by that of the partition, those of all topics by their own. It
/// only grows, and its elements never move, so that no thread has to wait for another.
pub(super) struct SlotList {
    chunks: [Chunk; CHUNKS],
    len: AtomicU32,
}

impl SlotList {
    pub(super) fn new() -> Self {
        Self {
            chunks: [const { OnceLock::new() }; CHUNKS],
            len: AtomicU32::new(0),
        }
    }

    /// The number of slots.
    #[inline]
    pub(super) fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    #[inline]
    pub(super) fn get(&self, index: u32) -> Option<&Arc<Slot>> {
        let (chunk, offset) = place(index);
        self.chunks[chunk].get()?.get(offset)?.get()
    }

    /// Adds the slot with the next number. Only one thread may call it at a time.
    pub(super) fn push(&self, slot: Arc<Slot>) {
        let index = self.len();
        let (chunk, offset) = place(index);
        let slots = self.chunks[chunk].get_or_init(|| {
            let empty = || OnceLock::new();
            (0..FIRST_CHUNK << chunk).map(|_| empty()).collect()
        });
        if slots[offset].set(slot).is_ok() {
            self.len.store(index + 1, Ordering::Release);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Slot>> {
        (0..self.len()).filter_map(|i| self.get(i))
    }
}

/// The chunk of the slot with this index, and its place there.
#[inline]
fn place(index: u32) -> (usize, usize) {
    let n = index as usize + FIRST_CHUNK;
    let chunk = (n.ilog2() - FIRST_CHUNK.ilog2()) as usize;
    (chunk, n - (FIRST_CHUNK << chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_a_place_of_its_own() {
        let places: Vec<_> = (0..1000).map(place).collect();
        assert_eq!(places[0], (0, 0));
        assert_eq!((places[15], places[16]), ((0, 15), (1, 0)));
        assert_eq!((places[47], places[48]), ((1, 31), (2, 0)));
        assert!(places.is_sorted());
        let (chunk, offset) = place(i32::MAX as u32);
        assert!(chunk < CHUNKS && offset < FIRST_CHUNK << chunk);
    }
}
