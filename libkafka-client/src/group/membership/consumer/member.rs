//! `Consumer`: a member of a group of KIP-848.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use libkafka_protocol::Uuid;

use super::super::actions::Kind;
use super::super::base::Base;
use super::super::claims::Assignment;
use super::super::event::LostReason;
use super::super::later::later;
use super::super::options::ConsumerOptions;
use crate::topic_partition::TopicPartition;

/// Partitions by the ids of their topics.
pub(super) type Partitions = BTreeMap<Uuid, BTreeSet<i32>>;

/// A member of a group of KIP-848.
#[derive(Debug)]
pub(crate) struct Consumer {
    pub(super) options: ConsumerOptions,
    pub(super) member_id: String,
    /// The epoch that the coordinator assigned; 0 to join.
    pub(super) epoch: i32,
    /// Whether a heartbeat with epoch 0 has been sent, so that the coordinator may know the member.
    pub(super) has_asked_to_join: bool,
    /// Whether the coordinator has ever accepted it.
    pub(super) has_joined: bool,
    /// Whether the next heartbeat contains everything, rather than what has changed.
    pub(super) says_all: bool,
    /// Whether the subscription has changed since it was last sent.
    pub(super) has_resubscribed: bool,
    /// Whether a regex was sent, which must be cleared if there is none any more.
    pub(super) has_said_regex: bool,
    /// The partitions that it reported as owned, once the coordinator has answered.
    pub(super) acknowledged: Option<Partitions>,
    /// The same, while the answer is in flight.
    pub(super) acknowledging: Option<Partitions>,
    /// The [changes](super::super::claims::Claims::changes) of the claims by which all of them were
    /// found to be acknowledged: the comparison takes long if there are many.
    pub(super) settled: Option<u64>,
    /// What it should own.
    pub(super) wanted: Partitions,
    /// How often the instance id was still held by another member.
    pub(super) unreleased: u32,
}

impl Consumer {
    pub(crate) fn new(member_id: String, options: ConsumerOptions) -> Self {
        Self {
            options,
            member_id,
            epoch: 0,
            has_asked_to_join: false,
            has_joined: false,
            says_all: true,
            has_resubscribed: false,
            has_said_regex: false,
            acknowledged: None,
            acknowledging: None,
            settled: None,
            wanted: Partitions::new(),
            unreleased: 0,
        }
    }

    /// Loses the partitions; the member must join again, with the same id.
    pub(super) fn lose(&mut self, base: &mut Base, why: LostReason) {
        base.lose_all(why);
        base.liveness.end_session();
        base.actions.forget(&[Kind::Heartbeat]);
        self.epoch = 0;
        self.has_asked_to_join = false;
        self.says_all = true;
        self.acknowledged = None;
        self.settled = None;
        self.wanted.clear();
    }

    /// What it owns, including what is being revoked.
    pub(super) fn owned(base: &Base) -> Partitions {
        let mut owned = Partitions::new();
        for claim in base.claims.live() {
            if let Some(id) = claim.topic_id() {
                let partitions = owned.entry(id).or_default();
                partitions.insert(claim.partition().partition);
            }
        }
        owned
    }

    /// The ids of topics that it should read and whose names are not known.
    pub(super) fn unresolved(&self, base: &Base) -> BTreeSet<Uuid> {
        let is_known = |id: &Uuid| {
            let topics = base.topics.as_ref();
            topics.is_some_and(|topics| topics.name_of(*id).is_some())
        };
        let wanted = self.wanted.keys().copied();
        wanted.filter(|id| !is_known(id)).collect()
    }

    /// Brings the claims in line with what should be owned, as far as the names of topics are
    /// known.
    pub(super) fn reconcile(&self, base: &mut Base, now: Instant) {
        let mut wanted = Assignment::new();
        if let Some(topics) = &base.topics {
            for (id, partitions) in &self.wanted {
                let Some(name) = topics.name_of(*id) else {
                    continue;
                };
                for partition in partitions {
                    let partition = TopicPartition::new(name.clone(), *partition);
                    wanted.insert(partition, Some(*id));
                }
            }
        }
        // What is owned and still to be owned does not go for want of a name.
        for claim in base.claims.live() {
            let id = claim.topic_id();
            let number = claim.partition().partition;
            let partitions = id.and_then(|id| self.wanted.get(&id));
            if partitions.is_some_and(|partitions| partitions.contains(&number)) {
                wanted.entry(claim.partition().clone()).or_insert(id);
            }
        }
        let by = later(now, self.options.rebalance_timeout);
        base.claims.reconcile(&wanted, by);
    }
}
