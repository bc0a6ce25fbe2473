//! [`ConsumerMember`]: a member of a group of KIP-848.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::{ErrorCode, Uuid};
use regex::Regex;

use super::member::Identity;
use super::partitions::Partitions;
use crate::clock::Time;
use crate::state::pattern::whole;
use crate::state::topic::Topics;

/// The epoch of a static member that leaves temporarily.
pub(crate) const LEAVES_FOR_NOW: i32 = -2;

/// A member.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConsumerMember {
    pub(crate) id: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) rack_id: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_host: String,
    pub(crate) epoch: i32,
    pub(super) previous_epoch: i32,
    pub(crate) names: BTreeSet<String>,
    pub(crate) regex: Option<String>,
    /// `None` until its topics have been looked for.
    pub(super) pattern: Option<Regex>,
    pub(crate) assignor: Option<String>,
    pub(super) rebalance_timeout: Duration,
    pub(super) session_ends: Time,
    /// The deadline for giving up [`revoking`](Self::revoking).
    pub(super) rebalance_ends: Option<Time>,
    /// The partitions that it reads.
    pub(super) assigned: Partitions,
    /// The epoch in which it got each of its partitions.
    pub(super) since: BTreeMap<(Uuid, i32), i32>,
    /// The partitions that it must give up, and may still have.
    pub(super) revoking: Partitions,
    /// The partitions that it should finally read.
    pub(crate) target: Partitions,
    /// Whether others still have some of those.
    pub(super) awaits_others: bool,
    /// Its state in the classic protocol, if it uses that while others of its group use the new
    /// one.
    pub(crate) classic: Option<ClassicSide>,
}

/// The state of a member that uses the classic protocol.
#[derive(Debug, Clone)]
pub(crate) struct ClassicSide {
    /// The names of the protocols that it supports, each with its metadata, in order of preference.
    pub(super) protocols: Vec<(String, Bytes)>,
    pub(super) session_timeout: Duration,
    /// The deadline for joining again, since it was told to.
    pub(super) joins_by: Option<Time>,
    /// The deadline for syncing, since it has joined.
    pub(super) syncs_by: Option<Time>,
}

/// What a member that stays reports about itself. `None` means unchanged.
#[derive(Debug)]
pub(crate) struct MemberHeartbeat<'a> {
    pub(crate) who: Identity<'a>,
    /// Whether it joins, or returns.
    pub(crate) joins: bool,
    /// Its epoch, if it must report it.
    pub(crate) epoch: Option<i32>,
    pub(crate) rack_id: Option<&'a str>,
    pub(crate) client_id: &'a str,
    pub(crate) client_host: String,
    pub(crate) names: Option<BTreeSet<String>>,
    pub(crate) regex: Option<&'a str>,
    pub(crate) assignor: Option<&'a str>,
    pub(crate) rebalance_timeout: Option<Duration>,
    /// The partitions that it has.
    pub(crate) owned: Option<Partitions>,
    pub(crate) session_timeout: Duration,
    /// Its state in the classic protocol, if it uses that.
    pub(crate) classic: Option<ClassicSide>,
    pub(crate) now: Time,
}

impl ConsumerMember {
    pub(super) fn new(heartbeat: &MemberHeartbeat<'_>) -> Self {
        Self {
            id: heartbeat.who.member_id.to_owned(),
            instance_id: heartbeat.who.instance_id.map(str::to_owned),
            previous_epoch: -1,
            ..Self::default()
        }
    }

    /// Whether it reads the topic with this name.
    pub(crate) fn reads(&self, topic: &str) -> bool {
        let pattern = self.pattern.as_ref();
        self.names.contains(topic) || pattern.is_some_and(|pattern| pattern.is_match(topic))
    }

    /// The topics that it reads, with their numbers of partitions.
    pub(super) fn reads_of(&self, topics: &Topics) -> BTreeMap<Uuid, i32> {
        let read = topics.iter().filter(|(name, _)| self.reads(name));
        let counts = read.map(|(_, topic)| {
            let count = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
            (topic.id, count)
        });
        counts.collect()
    }

    /// The partitions that it reads, and those that it has not given up.
    pub(crate) fn held(&self) -> Partitions {
        &self.assigned | &self.revoking
    }

    /// When it is removed, if nothing happens.
    pub(super) fn ends(&self) -> Time {
        let classic = self.classic.as_ref();
        let joins_by = classic.and_then(|classic| classic.joins_by);
        let syncs_by = classic.and_then(|classic| classic.syncs_by);
        let others = [self.rebalance_ends, joins_by, syncs_by];
        let others = others.into_iter().flatten();
        others.fold(self.session_ends, Time::min)
    }

    /// Handles its temporary leave.
    pub(super) fn leave_for_now(&mut self) {
        self.epoch = LEAVES_FOR_NOW;
        self.revoking.clear();
        self.rebalance_ends = None;
        // Who comes back has had it ever since.
        self.since.values_mut().for_each(|epoch| *epoch = 0);
    }

    /// Handles the return of a static member with another id.
    pub(super) fn replaced_by(&mut self, id: &str) {
        id.clone_into(&mut self.id);
        self.epoch = 0;
        self.previous_epoch = 0;
    }

    /// Whether it may report this in the epoch that it claims. A member that has not heard of its
    /// new epoch may repeat the last one.
    pub(super) fn may_say(&self, heartbeat: &MemberHeartbeat<'_>) -> bool {
        let Some(epoch) = heartbeat.epoch else {
            return true;
        };
        let says_again = epoch == self.previous_epoch
            && heartbeat
                .owned
                .as_ref()
                .is_some_and(|owned| owned.is_subset(&self.assigned));
        epoch == self.epoch || epoch < self.epoch && says_again
    }

    /// The error for a member that reports another epoch than its own.
    pub(super) fn not_its_epoch(&self) -> ErrorCode {
        match self.classic {
            Some(_) => ErrorCode::ILLEGAL_GENERATION,
            None => ErrorCode::STALE_MEMBER_EPOCH,
        }
    }

    /// Whether it may commit the offset of this partition in this epoch.
    pub(super) fn check_commit_of(
        &self,
        partition: (Uuid, i32),
        epoch: i32,
    ) -> Result<(), ErrorCode> {
        let since = self.since.get(&partition);
        if epoch == self.epoch || since.is_some_and(|since| epoch >= *since) {
            Ok(())
        } else {
            Err(self.not_its_epoch())
        }
    }

    /// Applies what a heartbeat reports. Returns whether partitions must be assigned again.
    pub(super) fn update(&mut self, heartbeat: &MemberHeartbeat<'_>) -> bool {
        let (names_before, had_regex) = (self.names.clone(), self.regex.is_some());
        if let Some(names) = &heartbeat.names {
            self.names.clone_from(names);
        }
        if let Some(regex) = heartbeat.regex
            && regex != self.regex.as_deref().unwrap_or_default()
        {
            self.regex = (!regex.is_empty()).then(|| regex.to_owned());
            self.pattern = None;
        }
        if let Some(assignor) = heartbeat.assignor {
            self.assignor = Some(assignor.to_owned());
        }
        if let Some(rack) = heartbeat.rack_id {
            self.rack_id = Some(rack.to_owned());
        }
        if let Some(timeout) = heartbeat.rebalance_timeout {
            self.rebalance_timeout = timeout;
        }
        heartbeat.client_id.clone_into(&mut self.client_id);
        self.client_host.clone_from(&heartbeat.client_host);
        self.session_ends = heartbeat.now + heartbeat.session_timeout;
        self.classic.clone_from(&heartbeat.classic);
        // A new expression counts when its topics have been looked for.
        names_before != self.names || had_regex && self.regex.is_none()
    }

    /// Finds the topics of its regular expression, if it has a new one.
    pub(super) fn resolve(&mut self) {
        if self.pattern.is_none() {
            self.pattern = self.regex.as_deref().and_then(|regex| whole(regex).ok());
        }
    }
}
