//! [`Consumer`]: a group for which the broker assigns the partitions (KIP-848).

use std::collections::BTreeMap;

use libkafka_protocol::{ErrorCode, Uuid};

use super::assignor::{assign, elected};
use super::consumer_member::{ConsumerMember, LEAVES_FOR_NOW, MemberHeartbeat};
use super::context::GroupContext;
use super::member::Identity;
use super::partitions::Partitions;
use crate::clock::Time;
use crate::state::topic::Topics;

/// The members of a group, and their progress.
#[derive(Debug, Clone)]
pub(crate) struct Consumer {
    pub(crate) epoch: i32,
    /// The epoch of the current target assignment.
    pub(crate) assignment_epoch: i32,
    /// The members, in the order in which they joined.
    pub(crate) members: Vec<ConsumerMember>,
    /// When the target assignment was last computed.
    assigned_at: Option<Time>,
    /// The topics that members read, with their numbers of partitions.
    topics: BTreeMap<Uuid, i32>,
}

impl Default for Consumer {
    fn default() -> Self {
        Self {
            // Where Kafka starts, so that the first member finds itself in 2.
            epoch: 1,
            assignment_epoch: 0,
            assigned_at: None,
            members: Vec::new(),
            topics: BTreeMap::new(),
        }
    }
}

impl Consumer {
    /// A group whose partitions are already assigned.
    pub(super) fn with_assignments(epoch: i32, members: Vec<ConsumerMember>) -> Self {
        Self {
            epoch,
            assignment_epoch: epoch,
            members,
            ..Self::default()
        }
    }

    /// Handles a heartbeat. Returns the member's epoch, and its assignment if it must be told.
    pub(super) fn heartbeat(
        &mut self,
        heartbeat: &MemberHeartbeat<'_>,
        context: &GroupContext<'_>,
    ) -> Result<(i32, Option<Partitions>), ErrorCode> {
        let index = self.find(heartbeat)?;
        let before = self.members[index].assigned.clone();
        if self.update(index, heartbeat, context.topics) {
            self.epoch += 1;
        }
        self.assign_anew(context);
        self.reconcile(index, heartbeat);
        let member = &self.members[index];
        let tells_all = heartbeat.rebalance_timeout.is_some()
            && (heartbeat.names.is_some() || heartbeat.regex.is_some())
            && heartbeat.owned.is_some();
        let news = heartbeat.joins || tells_all || member.assigned != before;
        let answer = (member.epoch, news.then(|| member.assigned.clone()));
        self.resolve(context.topics);
        Ok(answer)
    }

    /// Looks for the topics of new regular expressions. Kafka does so in the background, so that
    /// their topics are assigned by a later heartbeat.
    fn resolve(&mut self, topics: &Topics) {
        self.members.iter_mut().for_each(ConsumerMember::resolve);
        if self.find_topics(topics) {
            self.epoch += 1;
        }
    }

    /// The index of a member that leaves. A request that only has the name of a static member may
    /// remove that member.
    pub(super) fn find_leaving(&self, who: Identity<'_>) -> Result<usize, ErrorCode> {
        match who.instance_id {
            Some(instance) if who.member_id.is_empty() => self.static_member(instance),
            _ => return self.find_known(who),
        }
        .ok_or(ErrorCode::UNKNOWN_MEMBER_ID)
    }

    /// The index of a member that has joined before.
    pub(super) fn find_known(&self, who: Identity<'_>) -> Result<usize, ErrorCode> {
        let found = match who.instance_id {
            Some(instance) => self.static_member(instance),
            None => self.by_id(who.member_id),
        };
        let index = found.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
        if self.members[index].id == who.member_id {
            Ok(index)
        } else {
            Err(ErrorCode::FENCED_INSTANCE_ID)
        }
    }

    /// The index of a member.
    pub(super) fn by_id(&self, id: &str) -> Option<usize> {
        self.members.iter().position(|member| member.id == id)
    }

    /// The index of the static member with this name.
    pub(super) fn static_member(&self, instance: &str) -> Option<usize> {
        let mut members = self.members.iter();
        members.position(|member| member.instance_id.as_deref() == Some(instance))
    }

    /// Checks that it is a member, in this epoch.
    pub(super) fn check_epoch(&self, id: &str, epoch: i32) -> Result<(), ErrorCode> {
        let index = self.by_id(id).ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
        let member = &self.members[index];
        if member.epoch == epoch {
            Ok(())
        } else {
            Err(member.not_its_epoch())
        }
    }

    /// Checks that it may commit offsets, at least of some partitions.
    pub(super) fn check_commit(&self, id: &str, epoch: i32) -> Result<(), ErrorCode> {
        if epoch < 0 && self.members.is_empty() {
            return Ok(());
        }
        let index = self.by_id(id).ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
        let member = &self.members[index];
        if epoch <= member.epoch {
            Ok(())
        } else {
            Err(member.not_its_epoch())
        }
    }

    /// Kafka's name for its state.
    pub(crate) fn state_name(&self) -> &'static str {
        let has_target = |member: &ConsumerMember| {
            member.epoch == self.epoch && member.revoking.is_empty() && !member.awaits_others
        };
        if self.members.is_empty() {
            "Empty"
        } else if self.assignment_epoch < self.epoch {
            "Assigning"
        } else if self.members.iter().all(has_target) {
            "Stable"
        } else {
            "Reconciling"
        }
    }

    /// The index of the member that sent this; a new member if it joins.
    pub(super) fn find(&mut self, heartbeat: &MemberHeartbeat<'_>) -> Result<usize, ErrorCode> {
        let known = match heartbeat.who.instance_id {
            None => self.by_id(heartbeat.who.member_id),
            Some(instance) => self.static_member(instance),
        };
        let Some(index) = known else {
            if !heartbeat.joins {
                return Err(ErrorCode::UNKNOWN_MEMBER_ID);
            }
            self.members.push(ConsumerMember::new(heartbeat));
            return Ok(self.members.len() - 1);
        };
        let member = &mut self.members[index];
        if heartbeat.joins && heartbeat.who.instance_id.is_some() {
            // Who changes the protocol need not have left.
            let left = member.epoch == LEAVES_FOR_NOW;
            if !left && member.classic.is_none() && heartbeat.classic.is_none() {
                return Err(ErrorCode::UNRELEASED_INSTANCE_ID);
            }
            member.replaced_by(heartbeat.who.member_id);
        } else if member.id != heartbeat.who.member_id {
            return Err(ErrorCode::FENCED_INSTANCE_ID);
        }
        if heartbeat.joins || member.may_say(heartbeat) {
            Ok(index)
        } else {
            Err(ErrorCode::FENCED_MEMBER_EPOCH)
        }
    }

    /// Applies what a member reports. Returns whether partitions must be assigned again.
    pub(super) fn update(
        &mut self,
        index: usize,
        heartbeat: &MemberHeartbeat<'_>,
        topics: &Topics,
    ) -> bool {
        let assignor = elected(&self.members);
        let changed = self.members[index].update(heartbeat) || elected(&self.members) != assignor;
        let is_known = self.share_pattern(index);
        self.find_topics(topics) || changed || is_known
    }

    /// Gives a member with a new regular expression the topics that another has of the same one.
    fn share_pattern(&mut self, index: usize) -> bool {
        let member = &self.members[index];
        if member.regex.is_none() || member.pattern.is_some() {
            return false;
        }
        let mut same = self.members.iter().filter(|m| m.regex == member.regex);
        let pattern = same.find_map(|other| other.pattern.clone());
        let is_known = pattern.is_some();
        self.members[index].pattern = pattern;
        is_known
    }

    /// Looks for the topics that members read. Returns whether they have changed.
    fn find_topics(&mut self, topics: &Topics) -> bool {
        let members = self.members.iter();
        let all = members.flat_map(|member| member.reads_of(topics)).collect();
        let before = std::mem::replace(&mut self.topics, all);
        before != self.topics
    }

    /// Computes the target assignment, if that is due.
    pub(super) fn assign_anew(&mut self, context: &GroupContext<'_>) {
        let again = self.assigned_at.map(|at| at + context.assignment_interval);
        if self.assignment_epoch < self.epoch && again.is_none_or(|again| context.now >= again) {
            let members = self.members.iter();
            let read: Vec<_> = members.map(|m| m.reads_of(context.topics)).collect();
            assign(&mut self.members, read);
            self.assignment_epoch = self.epoch;
            self.assigned_at = Some(context.now);
        }
    }

    /// Moves a member towards its target: first it gives up partitions, then it gets those that
    /// others have given up.
    pub(super) fn reconcile(&mut self, index: usize, heartbeat: &MemberHeartbeat<'_>) {
        let taken = self.held_by_others(index);
        let member = &mut self.members[index];
        let holds = |partitions: &Partitions| match &heartbeat.owned {
            Some(owned) => !owned.is_disjoint(partitions),
            None => !partitions.is_empty(),
        };
        if !member.revoking.is_empty() && holds(&member.revoking) {
            return;
        }
        let keeps: Partitions = &member.assigned & &member.target;
        let revokes = &member.assigned - &member.target;
        if holds(&revokes) {
            member.assigned = keeps;
            member.revoking = revokes;
            // Of one of the classic protocol it is minded when it joins and syncs.
            if member.classic.is_none() {
                let ends = heartbeat.now + member.rebalance_timeout;
                member.rebalance_ends.get_or_insert(ends);
            }
            return;
        }
        member.revoking.clear();
        member.rebalance_ends = None;
        member.awaits_others = !member.target.is_disjoint(&taken);
        member.assigned = &member.target - &taken;
        let since = std::mem::take(&mut member.since);
        let since = |partition| {
            since
                .get(partition)
                .copied()
                .unwrap_or(self.assignment_epoch)
        };
        member.since = member.assigned.iter().map(|p| (*p, since(p))).collect();
        if member.epoch != self.assignment_epoch {
            member.previous_epoch = member.epoch;
            member.epoch = self.assignment_epoch;
        }
    }

    /// The partitions that members other than this one have not given up.
    pub(super) fn held_by_others(&self, index: usize) -> Partitions {
        let others = self.members.iter().enumerate().filter(|(i, _)| *i != index);
        others.flat_map(|(_, other)| other.held()).collect()
    }
}
