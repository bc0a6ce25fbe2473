//! `Subscriber`: a member, as assignors see it.

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;

use super::partitions::Partitions;

/// A member, as assignors see it.
#[derive(Debug, Clone)]
pub(super) struct Subscriber<'a> {
    pub(super) id: &'a str,
    pub(super) instance_id: Option<&'a str>,
    /// The topics that it subscribes to and that exist, with their numbers of partitions.
    pub(super) topics: BTreeMap<Uuid, i32>,
    /// Its target so far.
    pub(super) target: &'a Partitions,
}

/// The topics with any subscriber, with their numbers of partitions.
pub(super) fn topics(subscribers: &[Subscriber<'_>]) -> BTreeMap<Uuid, i32> {
    let topics = subscribers.iter().flat_map(|s| &s.topics);
    topics.map(|(id, n)| (*id, *n)).collect()
}
