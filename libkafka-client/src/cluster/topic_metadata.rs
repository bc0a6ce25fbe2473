//! `TopicMetadata` and `PartitionMetadata`: what metadata says of a topic and its partitions.

use std::collections::BTreeMap;

use crate::wire_value::known;
use libkafka_protocol::messages::metadata::MetadataResponsePartition;
use libkafka_protocol::{BrokerIds, Uuid};

/// What metadata says of a topic.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct TopicMetadata {
    /// Its id (KIP-516); `None` before Kafka 2.8.
    pub topic_id: Option<Uuid>,
    /// Whether Kafka keeps the topic for itself, as with `__consumer_offsets`.
    pub is_internal: bool,
    /// Its partitions, by number.
    pub partitions: BTreeMap<i32, PartitionMetadata>,
}

/// What metadata says of a partition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartitionMetadata {
    /// Id of the broker that leads it; `None` if there is no leader at the moment.
    pub leader_id: Option<i32>,
    /// Epoch of the leader (KIP-320); `None` before Kafka 2.1.
    pub leader_epoch: Option<i32>,
    /// Ids of the brokers that have a replica, the preferred leader first.
    pub replicas: BrokerIds,
    /// Ids of the brokers whose replica is in sync with the leader's, the leader included.
    pub in_sync_replicas: BrokerIds,
    /// Ids of the brokers whose replica is offline (KIP-112).
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

    /// Takes what a newer answer says; what an older one says is ignored. Returns whether leader
    /// or epoch changed.
    ///
    /// A broker too old to say an epoch is believed, as nothing tells its answer's age.
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
