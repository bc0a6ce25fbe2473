//! [`Offsets`]: the committed offsets of a group.

use std::collections::BTreeMap;

/// A committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) metadata: String,
}

/// The offsets of a group, by topic and partition.
#[derive(Debug, Default)]
pub(crate) struct Offsets {
    committed: BTreeMap<(String, i32), Committed>,
    /// The offsets of open transactions, by producer id.
    pending: BTreeMap<i64, BTreeMap<(String, i32), Committed>>,
}

impl Offsets {
    pub(crate) fn commit(&mut self, topic: &str, partition: i32, offset: Committed) {
        self.committed.insert((topic.to_owned(), partition), offset);
    }

    /// Commits an offset with the transaction of a producer.
    pub(crate) fn commit_in_transaction(
        &mut self,
        producer_id: i64,
        topic: &str,
        partition: i32,
        offset: Committed,
    ) {
        let pending = self.pending.entry(producer_id).or_default();
        pending.insert((topic.to_owned(), partition), offset);
    }

    /// Ends the transaction of a producer: its offsets are committed or dropped.
    pub(crate) fn end_transaction(&mut self, producer_id: i64, commit: bool) {
        let pending = self.pending.remove(&producer_id).unwrap_or_default();
        if commit {
            self.committed.extend(pending);
        }
    }

    /// Whether an open transaction may still change the offset of this partition (KIP-447).
    pub(crate) fn is_unstable(&self, topic: &str, partition: i32) -> bool {
        let key = (topic.to_owned(), partition);
        let mut pending = self.pending.values();
        pending.any(|offsets| offsets.contains_key(&key))
    }

    pub(crate) fn get(&self, topic: &str, partition: i32) -> Option<&Committed> {
        self.committed.get(&(topic.to_owned(), partition))
    }

    pub(crate) fn remove(&mut self, topic: &str, partition: i32) {
        self.committed.remove(&(topic.to_owned(), partition));
    }

    pub(crate) fn remove_topic(&mut self, topic: &str) {
        self.committed.retain(|(name, _), _| name != topic);
        for pending in self.pending.values_mut() {
            pending.retain(|(name, _), _| name != topic);
        }
    }

    /// The number of committed offsets.
    pub(crate) fn len(&self) -> usize {
        self.committed.len()
    }

    /// All partitions with a committed offset, by topic.
    pub(crate) fn by_topic(&self) -> BTreeMap<&str, Vec<i32>> {
        let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
        for (topic, partition) in self.committed.keys() {
            topics.entry(topic).or_default().push(*partition);
        }
        topics
    }
}
