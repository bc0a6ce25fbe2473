//! `Subscriber`: a member as an assignor sees it.

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;

use super::partitions::Partitions;

/// A member as an assignor sees it.
#[derive(Debug, Clone)]
pub(super) struct Subscriber<'a> {
    pub(super) id: &'a str,
    pub(super) instance_id: Option<&'a str>,
    /// What it subscribes to, as far as it exists, with the numbers of partitions.
    pub(super) topics: BTreeMap<Uuid, i32>,
    /// What it was to read until now.
    pub(super) target: &'a Partitions,
}

/// The topics that anyone subscribes to, with their numbers of partitions.
pub(super) fn topics(subscribers: &[Subscriber<'_>]) -> BTreeMap<Uuid, i32> {
    let topics = subscribers.iter().flat_map(|s| &s.topics);
    topics.map(|(id, n)| (*id, *n)).collect()
}
