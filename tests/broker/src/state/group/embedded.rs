//! What consumers write into the bytes of the classic protocol.

use bytes::Bytes;
use libkafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use libkafka_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{KafkaWire, Uuid};

use super::{Partitions, Topics};

/// The protocol type of consumers.
pub(crate) const CONSUMER: &str = "consumer";

/// What a consumer reads, and has; `None` if it makes no sense.
pub(super) fn subscription(metadata: &[u8]) -> Option<ConsumerProtocolSubscription> {
    read(metadata)
}

/// What a consumer is to read; `None` if it makes no sense.
pub(super) fn assignment(assignment: &[u8]) -> Option<ConsumerProtocolAssignment> {
    if assignment.is_empty() {
        return Some(ConsumerProtocolAssignment::default());
    }
    read(assignment)
}

/// By name what a consumer of this metadata is to read, in the version that it speaks.
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
    let version = split(metadata).map_or(0, |(version, _)| version.clamp(0, last));
    let mut out = version.to_be_bytes().to_vec();
    match assignment.encode(version, &mut out) {
        Ok(()) => out.into(),
        Err(_) => Bytes::new(),
    }
}

/// By id what was said by name, as far as there are such topics.
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

/// A version, and what it is the version of. One that is newer than ours is read as ours.
fn read<'de, T: KafkaWire + Decode<'de>>(bytes: &'de [u8]) -> Option<T> {
    let (version, rest) = split(bytes)?;
    if version < T::VERSIONS.min {
        return None;
    }
    let read = T::decode(version.min(T::VERSIONS.max), rest);
    read.ok().map(|(read, _)| read)
}

fn split(bytes: &[u8]) -> Option<(i16, &[u8])> {
    let (version, rest) = bytes.split_first_chunk::<2>()?;
    Some((i16::from_be_bytes(*version), rest))
}
