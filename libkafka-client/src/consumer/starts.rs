//! `Starts`: which partitions existed when a consumer began, and where it began with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::cluster::Topology;
use crate::topic_partition::TopicPartition;

/// Which partitions existed when a consumer began, and where it began with them.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// Topics that were wanted from the beginning and whose partitions are not known yet.
    expected: BTreeSet<Arc<str>>,
    /// The number of partitions that they had.
    counts: BTreeMap<Arc<str>, i32>,
    /// Partitions that were requested by name.
    chosen: BTreeSet<TopicPartition>,
    resolved: BTreeMap<TopicPartition, i64>,
    has_been_assigned: bool,
}

impl Starts {
    /// Notes that the topic is wanted from the beginning.
    pub(super) fn expect(&mut self, topic: Arc<str>) {
        self.expected.insert(topic);
    }

    /// Notes assigned partitions: those of the first time existed from the beginning.
    pub(super) fn assigned<'a>(&mut self, partitions: impl Iterator<Item = &'a TopicPartition>) {
        if !std::mem::replace(&mut self.has_been_assigned, true) {
            self.chosen.extend(partitions.cloned());
        }
    }

    /// Handles an answer to a metadata request.
    pub(super) fn topics_known(&mut self, topology: &Topology) {
        for topic in std::mem::take(&mut self.expected) {
            let partitions = topology.topic(&topic).map(|metadata| &metadata.partitions);
            let last = partitions.and_then(|partitions| partitions.keys().next_back());
            self.counts.insert(topic, last.map_or(0, |last| last + 1));
        }
    }

    /// Whether a partition was added after the consumer began.
    pub(super) fn is_late(&self, at: &TopicPartition) -> bool {
        let count = self.counts.get(&at.topic).copied();
        !self.chosen.contains(at) && count.is_none_or(|count| at.partition >= count)
    }

    /// Notes that the topic was created again, so that all of its partitions are new.
    pub(super) fn topic_replaced(&mut self, topic: &str) {
        self.counts.insert(topic.into(), 0);
        self.chosen.retain(|at| *at.topic != *topic);
        self.resolved.retain(|at, _| *at.topic != *topic);
    }

    /// Where a partition began, if that was looked up.
    pub(super) fn resolved(&self, at: &TopicPartition) -> Option<i64> {
        self.resolved.get(at).copied()
    }

    /// Notes a start that was looked up.
    pub(super) fn resolve(&mut self, at: &TopicPartition, offset: i64) {
        self.resolved.insert(at.clone(), offset);
    }
}

#[cfg(test)]
mod tests {
    use libkafka_protocol::messages::MetadataResponse;
    use libkafka_protocol::messages::metadata::{MetadataResponsePartition, MetadataResponseTopic};

    use super::*;

    fn topology(partitions: i32) -> Topology {
        let mut topology = Topology::new(["t", "u"]);
        let partition = |partition_index| MetadataResponsePartition {
            partition_index,
            ..Default::default()
        };
        topology.update(&MetadataResponse {
            topics: vec![MetadataResponseTopic {
                name: Some("t".into()),
                partitions: (0..partitions).map(partition).collect(),
                ..Default::default()
            }],
            ..Default::default()
        });
        topology
    }

    #[test]
    fn partitions_that_were_there_at_first_are_not_late_and_those_added_later_are() {
        let at = |topic: &str, partition| TopicPartition::new(topic, partition);
        let mut starts = Starts::default();
        starts.expect("t".into());
        starts.expect("u".into());
        starts.assigned([at("r", 7)].iter());
        starts.topics_known(&topology(2));
        starts.topics_known(&topology(3));
        assert!(!starts.is_late(&at("t", 1)) && starts.is_late(&at("t", 2)));
        assert!(starts.is_late(&at("u", 0)), "it did not exist");
        assert!(!starts.is_late(&at("r", 7)), "it was assigned at first");
        assert!(starts.is_late(&at("r", 6)), "nobody had heard of it");
        starts.topic_replaced("t");
        assert!(starts.is_late(&at("t", 1)));
    }
}
