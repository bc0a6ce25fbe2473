//! `Topic` and `TopicTable`: the topics of a producer, which senders find without a lock.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use libkafka_batch::{Record, partition_for_key};
use rustc_hash::FxHasher;

use super::partitioner::{PartitionLoad, PartitionState, StickyPartitioner};
use super::producer_config::Partitioner;
use super::producer_record::ProducerRecord;
use super::slot::SlotList;
use crate::error::Error;
use crate::topic_partition::TopicPartition;

/// A topic with partitions.
pub(super) struct Topic {
    pub(super) name: Arc<str>,
    pub(super) slots: SlotList,
    sticky: Mutex<Sticky>,
}

/// Chooses partitions for records without a key.
struct Sticky {
    partitioner: StickyPartitioner,
    states: Vec<PartitionState<'static>>,
    /// Whether it was asked since the load was last set.
    is_used: bool,
    dice: u64,
}

/// The partition of a record, and what chose it.
pub(super) struct Choice {
    pub(super) partition: i32,
    /// Whether the sticky partitioner chose it, which must then be told the outcome.
    pub(super) is_sticky: bool,
}

impl Topic {
    pub(super) fn new(name: Arc<str>, batch_bytes: usize) -> Self {
        Self {
            name,
            slots: SlotList::new(),
            sticky: Mutex::new(Sticky {
                partitioner: StickyPartitioner::new(batch_bytes),
                states: Vec::new(),
                is_used: false,
                dice: RandomState::new().hash_one(0),
            }),
        }
    }

    /// The partition of a record: the one that it names, that of its key, or any.
    #[inline]
    pub(super) fn choose(&self, record: &ProducerRecord<'_>, by: &Partitioner) -> Choice {
        let count = self.slots.len() as i32;
        let fixed = |partition| Choice {
            partition,
            is_sticky: false,
        };
        match (record.partition, by, record.key) {
            (Some(partition), ..) => fixed(partition),
            (None, Partitioner::Function(choose), _) => match choose(record, count) {
                Some(partition) => fixed(partition),
                None => self.any(),
            },
            (None, Partitioner::Java, Some(key)) => fixed(partition_for_key(key, count)),
            (None, Partitioner::Java, None) => self.any(),
        }
    }

    fn any(&self) -> Choice {
        let mut sticky = self.sticky.lock().unwrap_or_else(PoisonError::into_inner);
        let Sticky {
            partitioner,
            states,
            is_used,
            dice,
        } = &mut *sticky;
        *is_used = true;
        Choice {
            partition: partitioner.partition(states, &mut || roll(dice)),
            is_sticky: true,
        }
    }

    /// Notes that a record was appended to the partition that was chosen for it.
    pub(super) fn appended(&self, partition: i32, record: &Record<'_>, may_switch: bool) {
        let mut sticky = self.sticky.lock().unwrap_or_else(PoisonError::into_inner);
        let Sticky {
            partitioner,
            states,
            dice,
            ..
        } = &mut *sticky;
        let mut dice = || roll(dice);
        // Another thread may have gone on to another one meanwhile.
        if partitioner.partition(states, &mut dice) == partition {
            partitioner.appended(size(record), may_switch, states, &mut dice);
        }
    }

    /// Sets which partitions have a leader.
    pub(super) fn set_available(&self, available: impl Iterator<Item = bool>) {
        let states = available.map(|is_available| match is_available {
            true => PartitionState::available(),
            false => PartitionState::unavailable(),
        });
        let mut sticky = self.sticky.lock().unwrap_or_else(PoisonError::into_inner);
        sticky.states = states.collect();
    }

    /// Tells the partitioner how much is waiting for each partition, if it is used.
    pub(super) fn tell_load(&self) {
        let mut sticky = self.sticky.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::take(&mut sticky.is_used) {
            return;
        }
        let available = sticky.states.iter().zip(self.slots.iter());
        let available = available.filter(|(state, _)| state.is_available);
        let load: Vec<_> = available
            .map(|(_, slot)| {
                let waiting = slot.waiting.load(std::sync::atomic::Ordering::Relaxed);
                PartitionLoad::new(slot.partition.partition, waiting as usize)
            })
            .collect();
        let partitions = sticky.states.len();
        sticky.partitioner.set_load(&load, partitions);
    }

    /// The error for a partition that does not exist.
    pub(super) fn unknown(&self, partition: i32) -> Error {
        Error::UnknownPartition {
            partition: TopicPartition::new(Arc::clone(&self.name), partition),
            partitions: self.slots.len() as i32,
        }
    }
}

/// The approximate size of a record in a batch, in bytes.
pub(super) fn size(record: &Record<'_>) -> usize {
    let len = |field: Option<&[u8]>| field.map_or(0, <[u8]>::len);
    len(record.key) + len(record.value) + 8
}

/// The next number of SplitMix64, of which half the bits are enough.
fn roll(state: &mut u64) -> u32 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 32) as u32
}

/// A power of two.
const BUCKETS: usize = 256;

/// The topics by name: a hash table that only grows, of lists that only grow, so that no thread has
/// to wait for another.
pub(super) struct TopicTable {
    buckets: Box<[OnceLock<Box<Node>>; BUCKETS]>,
}

struct Node {
    topic: Arc<Topic>,
    next: OnceLock<Box<Node>>,
}

impl TopicTable {
    pub(super) fn new() -> Self {
        Self {
            buckets: Box::new([const { OnceLock::new() }; BUCKETS]),
        }
    }

    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<&Arc<Topic>> {
        let mut next = &self.buckets[bucket(name)];
        while let Some(node) = next.get() {
            if *node.topic.name == *name {
                return Some(&node.topic);
            }
            next = &node.next;
        }
        None
    }

    /// Adds a topic that is not in the table. Only one thread may call it at a time.
    pub(super) fn push(&self, topic: Arc<Topic>) {
        let mut last = &self.buckets[bucket(&topic.name)];
        while let Some(node) = last.get() {
            last = &node.next;
        }
        let next = OnceLock::new();
        let _ = last.set(Box::new(Node { topic, next }));
    }
}

#[inline]
fn bucket(name: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish() as usize % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name_and_no_other() {
        let table = TopicTable::new();
        for i in 0..2 * BUCKETS {
            table.push(Arc::new(Topic::new(format!("topic-{i}").into(), 100)));
        }
        for i in 0..2 * BUCKETS {
            let name = format!("topic-{i}");
            assert_eq!(*table.get(&name).unwrap().name, *name);
        }
        assert!(table.get("topic").is_none());
    }
}
