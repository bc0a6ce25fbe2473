//! Offsets that a group has committed.

use std::collections::BTreeMap;

/// An offset that was committed.
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
}

impl Offsets {
    pub(crate) fn commit(&mut self, topic: &str, partition: i32, offset: Committed) {
        self.committed.insert((topic.to_owned(), partition), offset);
    }

    pub(crate) fn get(&self, topic: &str, partition: i32) -> Option<&Committed> {
        self.committed.get(&(topic.to_owned(), partition))
    }

    pub(crate) fn remove(&mut self, topic: &str, partition: i32) {
        self.committed.remove(&(topic.to_owned(), partition));
    }

    pub(crate) fn remove_topic(&mut self, topic: &str) {
        self.committed.retain(|(name, _), _| name != topic);
    }

    /// All that were committed, by topic: the partitions of each.
    pub(crate) fn by_topic(&self) -> BTreeMap<&str, Vec<i32>> {
        let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
        for (topic, partition) in self.committed.keys() {
            topics.entry(topic).or_default().push(*partition);
        }
        topics
    }
}
