//! Topics.

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;

use super::configs::Configs;
use super::partition::Partition;

/// The topics of the cluster, by name.
pub(crate) type Topics = BTreeMap<String, Topic>;

/// A topic.
pub(crate) struct Topic {
    pub(crate) id: Uuid,
    pub(crate) partitions: Vec<Partition>,
    pub(crate) configs: Configs,
}

impl Topic {
    pub(crate) fn partition(&self, index: i32) -> Option<&Partition> {
        self.partitions.get(usize::try_from(index).ok()?)
    }

    pub(crate) fn partition_mut(&mut self, index: i32) -> Option<&mut Partition> {
        self.partitions.get_mut(usize::try_from(index).ok()?)
    }
}

/// The topic in which Kafka stores the offsets of groups.
pub(crate) const CONSUMER_OFFSETS: &str = "__consumer_offsets";
/// The topic in which Kafka stores transactions.
pub(crate) const TRANSACTION_STATE: &str = "__transaction_state";

/// Is it one of Kafka's own topics?
pub(crate) fn is_internal(name: &str) -> bool {
    [CONSUMER_OFFSETS, TRANSACTION_STATE, "__share_group_state"].contains(&name)
}
