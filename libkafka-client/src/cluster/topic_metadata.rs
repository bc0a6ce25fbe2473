//! `TopicMetadata` and `PartitionMetadata`: the metadata of a topic and its partitions.

use std::collections::BTreeMap;

use crate::wire_value::known;
use libkafka_protocol::messages::metadata::MetadataResponsePartition;
use libkafka_protocol::{BrokerIds, Uuid};

/// The metadata of a topic.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct TopicMetadata {
    /// The id of the topic (KIP-516); `None` before Kafka 2.8.
    pub topic_id: Option<Uuid>,
    /// Whether the topic is internal to Kafka, such as `__consumer_offsets`.
    pub is_internal: bool,
    /// The partitions, by number.
    pub partitions: BTreeMap<i32, PartitionMetadata>,
}

/// The metadata of a partition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartitionMetadata {
    /// The id of the broker that leads it; `None` if there is no leader at the moment.
    pub leader_id: Option<i32>,
    /// The leader epoch (KIP-320); `None` before Kafka 2.1.
    pub leader_epoch: Option<i32>,
    /// The ids of the brokers that have a replica, the preferred leader first.
    pub replicas: BrokerIds,
    /// The ids of the brokers whose replica is in sync, including the leader.
    pub in_sync_replicas: BrokerIds,
    /// The ids of the brokers whose replica is offline (KIP-112).
    pub offline_replicas: BrokerIds,
}

impl PartitionMetadata {
    pub(crate) fn new(partition: &MetadataResponsePartition) -> Self {
        Self {
            leader_id: known(partition.leader_id),
            leader_epoch: known(partition.leader_epoch),
            replicas: partition.replica_nodes.clone(),
            in_sync_replicas: partition.isr_nodes.clone(),
            offline_replicas: partition.offline_replicas.clone(),
        }
    }

    /// Accepts a newer answer and ignores an older one. Returns whether the leader or the epoch
    /// changed.
    ///
    /// The answer of a broker too old to send an epoch is accepted, as nothing tells how old the
    /// answer is.
    pub(crate) fn update(&mut self, new: Self) -> bool {
        if let (Some(new), Some(old)) = (new.leader_epoch, self.leader_epoch)
            && new < old
        {
            return false;
        }
        let moved = (new.leader_id, new.leader_epoch) != (self.leader_id, self.leader_epoch);
        *self = new;
        moved
    }
}
