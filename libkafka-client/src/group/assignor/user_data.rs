//! `StickyUserData`: what a member of `sticky` and `cooperative-sticky` owned, and since when.

use bytes::Bytes;
use libkafka_protocol::{Error, KafkaWire};

use super::subscription::by_topic;
use crate::wire_value::known;

/// The user data of `sticky`: `StickyAssignorUserData` of Java's client.
///
/// - v1 adds `generation` (KIP-341); no version is written in front
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1")]
pub(super) struct StickyUserData {
    pub(super) previous_assignment: Vec<TopicAssignment>,
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub(super) generation: i32,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub(super) struct TopicAssignment {
    pub(super) topic: String,
    pub(super) partitions: Vec<i32>,
}

impl StickyUserData {
    /// Parses v1, or v0 if the bytes end without a generation.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let newest = Self::decode(1, bytes).map(|(data, _)| data);
        // Bytes that are neither show the error of v1.
        newest.or_else(|error| Self::decode_exact(0, bytes).map_err(|_| error))
    }

    /// The data of a member that was assigned `owned` in `generation`.
    pub(super) fn to_bytes(owned: &[(&str, i32)], generation: Option<i32>) -> Option<Bytes> {
        let by_topic = by_topic(owned).into_iter();
        let data = StickyUserData {
            previous_assignment: by_topic
                .map(|(topic, partitions)| TopicAssignment {
                    topic: topic.to_owned(),
                    partitions,
                })
                .collect(),
            generation: generation.unwrap_or(-1),
        };
        let mut bytes = Vec::new();
        // A topic's name came out of an assignment, where it was no longer than fits.
        data.encode(1, &mut bytes).ok()?;
        Some(bytes.into())
    }
}

/// The generation in the user data of `cooperative-sticky`, if it is one.
pub(super) fn cooperative_generation(bytes: &[u8]) -> Option<i32> {
    let generation = i32::from_be_bytes(*bytes.first_chunk()?);
    known(generation)
}
