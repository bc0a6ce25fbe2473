//! Subscriptions and assignments of consumers, in the bytes of the classic protocol.

use bytes::Bytes;
use libkafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use libkafka_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use libkafka_protocol::{KafkaWire, Uuid};

use super::partitions::Partitions;
use crate::state::topic::Topics;

/// The protocol type of consumers.
pub(crate) const CONSUMER: &str = "consumer";

/// What a consumer reads and owns; `None` if the bytes are invalid.
pub(super) fn subscription(metadata: &[u8]) -> Option<ConsumerProtocolSubscription> {
    ConsumerProtocolSubscription::from_bytes(metadata).ok()
}

/// The assignment of a consumer; `None` if the bytes are invalid.
pub(super) fn assignment(assignment: &[u8]) -> Option<ConsumerProtocolAssignment> {
    if assignment.is_empty() {
        return Some(ConsumerProtocolAssignment::default());
    }
    ConsumerProtocolAssignment::from_bytes(assignment).ok()
}

/// The assignment of a consumer with this metadata, by name, in the version that it uses.
pub(super) fn encode_assignment(
    partitions: &Partitions,
    topics: &Topics,
    metadata: &[u8],
) -> Bytes {
    let by_name = topics.iter().map(|(name, topic)| TopicPartition {
        topic: name.clone(),
        partitions: partitions_of(partitions, topic.id),
    });
    let assignment = ConsumerProtocolAssignment {
        assigned_partitions: by_name.filter(|t| !t.partitions.is_empty()).collect(),
        ..Default::default()
    };
    let last = ConsumerProtocolAssignment::VERSIONS.max;
    let version = metadata.first_chunk().map_or(0, |v| i16::from_be_bytes(*v));
    assignment
        .to_bytes(version.clamp(0, last))
        .unwrap_or_default()
}

/// Converts names to ids, for topics that exist.
pub(super) fn by_id<'a>(
    said: impl Iterator<Item = (&'a String, &'a Vec<i32>)>,
    topics: &Topics,
) -> Partitions {
    let known = said.filter_map(|(name, partitions)| Some((topics.get(name)?.id, partitions)));
    known
        .flat_map(|(id, partitions)| partitions.iter().map(move |partition| (id, *partition)))
        .collect()
}

fn partitions_of(partitions: &Partitions, topic: Uuid) -> Vec<i32> {
    let of_topic = partitions.range((topic, i32::MIN)..=(topic, i32::MAX));
    of_topic.map(|(_, partition)| *partition).collect()
}
