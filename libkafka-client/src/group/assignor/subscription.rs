//! [`GroupSubscription`]: the input of an assignor, and its form on the wire.

use std::collections::{BTreeMap, BTreeSet};

use crate::wire_value::known;
use libkafka_protocol::messages::consumer_protocol_assignment as assignment;
use libkafka_protocol::messages::consumer_protocol_subscription as subscription;
use libkafka_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};

/// The racks of the replicas of a partition; empty if they are unknown.
pub type Racks<'a> = Vec<&'a str>;

/// The input of an assignor: the topics that exist and the members of the group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupSubscription<'a> {
    /// The topics that members subscribe to, if they exist, each with its partitions in the order
    /// of their numbers.
    pub topics: BTreeMap<&'a str, Vec<Racks<'a>>>,
    /// What each member subscribes to, by member id.
    pub members: BTreeMap<&'a str, Subscription<'a>>,
}

/// What one member of a group wants and owns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription<'a> {
    /// The topics to read, whether they exist or not.
    pub topics: BTreeSet<&'a str>,
    /// The bytes of the member's assignor: see [`Assignor::user_data`](super::Assignor::user_data).
    pub user_data: Option<&'a [u8]>,
    /// The partitions that the member has not given up, by topic and number.
    pub owned_partitions: Vec<(&'a str, i32)>,
    /// The generation in which the member was assigned them. `None` if it was never in one, or sent
    /// a subscription older than version 2 (KIP-792).
    pub generation: Option<i32>,
    /// The rack that the member is in (KIP-881).
    pub rack: Option<&'a str>,
    /// The name of a static member (KIP-345). In the JoinGroup response it is beside the member id.
    pub instance_id: Option<&'a str>,
}

impl<'a> Subscription<'a> {
    /// A subscription to `topics` by a member that owns nothing.
    pub fn to(topics: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            topics: topics.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Converts a subscription that a member sent. [`instance_id`](Self::instance_id) is not part
    /// of it and is left for the caller to set.
    pub fn from_wire(sent: &'a ConsumerProtocolSubscription) -> Self {
        let owned = sent.owned_partitions.iter();
        let owned = owned.flat_map(|of| of.partitions.iter().map(|p| (of.topic.as_str(), *p)));
        Self {
            topics: sent.topics.iter().map(String::as_str).collect(),
            user_data: sent.user_data.as_deref(),
            owned_partitions: owned.collect(),
            generation: known(sent.generation_id),
            rack: sent.rack_id.as_deref(),
            instance_id: None,
        }
    }

    /// The subscription to send, with topics and partitions sorted as Java's client does it: the
    /// coordinator compares the bytes to see whether a member wants something new.
    pub fn to_wire(&self) -> ConsumerProtocolSubscription {
        let by_topic = by_topic(&self.owned_partitions).into_iter();
        let owned = by_topic.map(|(topic, partitions)| subscription::TopicPartition {
            topic: topic.to_owned(),
            partitions,
        });
        ConsumerProtocolSubscription {
            topics: self
                .topics
                .iter()
                .map(|topic| (*topic).to_owned())
                .collect(),
            user_data: self.user_data.map(|data| data.to_vec().into()),
            owned_partitions: owned.collect(),
            generation_id: self.generation.unwrap_or(-1),
            rack_id: self.rack.map(str::to_owned),
        }
    }
}

/// The assignment of one member in the form that the leader sends, with topics and partitions
/// sorted.
pub fn assignment_to_wire(partitions: &[(&str, i32)]) -> ConsumerProtocolAssignment {
    let by_topic = by_topic(partitions).into_iter();
    let assigned = by_topic.map(|(topic, partitions)| assignment::TopicPartition {
        topic: topic.to_owned(),
        partitions,
    });
    ConsumerProtocolAssignment {
        assigned_partitions: assigned.collect(),
        user_data: None,
    }
}

/// The partitions of each topic, both in order.
pub(super) fn by_topic<'a>(partitions: &[(&'a str, i32)]) -> BTreeMap<&'a str, Vec<i32>> {
    let mut by_topic: BTreeMap<&'a str, Vec<i32>> = BTreeMap::new();
    for (topic, partition) in partitions {
        by_topic.entry(topic).or_default().push(*partition);
    }
    for partitions in by_topic.values_mut() {
        partitions.sort_unstable();
    }
    by_topic
}
