//! Groups to whose members the broker says who reads what (KIP-848).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use libkafka_protocol::{ErrorCode, Uuid};
use regex::Regex;

use super::assignor::assign;
use crate::clock::Time;
use crate::state::whole;

/// Topic ids and partitions.
pub(crate) type Partitions = BTreeSet<(Uuid, i32)>;

/// The epoch of a static member that will come back.
pub(crate) const LEAVES_FOR_NOW: i32 = -2;

/// The members of a group, and how far they have come.
#[derive(Debug)]
pub(crate) struct Consumer {
    pub(crate) epoch: i32,
    /// The epoch for which it is settled who is to read what.
    pub(crate) assignment_epoch: i32,
    /// In the order in which they came.
    pub(crate) members: Vec<ConsumerMember>,
    /// The topics that members read, with their numbers of partitions.
    topics: BTreeMap<Uuid, i32>,
}

impl Default for Consumer {
    fn default() -> Self {
        Self {
            // Which makes it 2 with the first member, as in Kafka 4.4.0.
            epoch: 1,
            assignment_epoch: 1,
            members: Vec::new(),
            topics: BTreeMap::new(),
        }
    }
}

/// A member.
#[derive(Debug, Clone)]
pub(crate) struct ConsumerMember {
    pub(crate) id: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) rack_id: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_host: String,
    pub(crate) epoch: i32,
    previous_epoch: i32,
    pub(crate) names: BTreeSet<String>,
    pub(crate) regex: Option<String>,
    pattern: Option<Regex>,
    pub(crate) assignor: Option<String>,
    rebalance_timeout: Duration,
    session_ends: Time,
    /// By when it is to have let go of [`revoking`](Self::revoking).
    rebalance_ends: Option<Time>,
    /// What it reads.
    pub(crate) assigned: Partitions,
    /// What it is to let go of, and may not have yet.
    revoking: Partitions,
    /// What it is to read in the end.
    pub(crate) target: Partitions,
    /// Of that, others still have something.
    awaits_others: bool,
}

/// A ConsumerGroupHeartbeat of a member that stays. What is `None` is as it was.
#[derive(Debug)]
pub(crate) struct Beat<'a> {
    pub(crate) member_id: &'a str,
    /// 0 to join.
    pub(crate) epoch: i32,
    pub(crate) instance_id: Option<&'a str>,
    pub(crate) rack_id: Option<&'a str>,
    pub(crate) client_id: &'a str,
    pub(crate) client_host: String,
    pub(crate) names: Option<BTreeSet<String>>,
    pub(crate) regex: Option<&'a str>,
    pub(crate) assignor: Option<&'a str>,
    pub(crate) rebalance_timeout: Option<Duration>,
    /// What it has.
    pub(crate) owned: Option<Partitions>,
    pub(crate) session_timeout: Duration,
    pub(crate) now: Time,
}

/// The topics that a member reads, by its names and its expression.
pub(crate) type Topics<'a> = dyn Fn(&ConsumerMember) -> BTreeMap<Uuid, i32> + 'a;

impl Consumer {
    /// Takes a heartbeat; gives the member's epoch, and what it reads if it is to be told.
    pub(crate) fn heartbeat(
        &mut self,
        beat: &Beat<'_>,
        topics: &Topics<'_>,
    ) -> Result<(i32, Option<Partitions>), ErrorCode> {
        let index = self.find(beat)?;
        let before = self.members[index].assigned.clone();
        let changed = self.members[index].update(beat);
        let read: Vec<BTreeMap<Uuid, i32>> = self.members.iter().map(topics).collect();
        let all = read.iter().flatten().map(|(id, n)| (*id, *n)).collect();
        if changed || all != self.topics {
            self.topics = all;
            self.epoch += 1;
        }
        if self.assignment_epoch < self.epoch {
            assign(&mut self.members, &read);
            self.assignment_epoch = self.epoch;
        }
        self.reconcile(index, beat);
        let member = &self.members[index];
        let tells_all = beat.rebalance_timeout.is_some()
            && (beat.names.is_some() || beat.regex.is_some())
            && beat.owned.is_some();
        let news = beat.epoch == 0 || tells_all || member.assigned != before;
        Ok((member.epoch, news.then(|| member.assigned.clone())))
    }

    /// Takes a member out that leaves, for good or for now.
    pub(crate) fn leave(
        &mut self,
        id: &str,
        instance_id: Option<&str>,
        epoch: i32,
    ) -> Result<(), ErrorCode> {
        let index = match instance_id {
            Some(instance) => {
                let index = self.static_member(instance);
                let index = index.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
                if self.members[index].id != id {
                    return Err(ErrorCode::FENCED_INSTANCE_ID);
                }
                index
            }
            None => self.by_id(id).ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?,
        };
        if epoch == LEAVES_FOR_NOW {
            let member = &mut self.members[index];
            member.epoch = LEAVES_FOR_NOW;
            member.revoking.clear();
            member.rebalance_ends = None;
        } else {
            self.remove(index);
        }
        Ok(())
    }

    /// Takes a member out.
    pub(crate) fn remove(&mut self, index: usize) {
        self.members.remove(index);
        self.epoch += 1;
    }

    /// Is it a member, and in this epoch?
    pub(crate) fn check_epoch(&self, id: &str, epoch: i32) -> Result<(), ErrorCode> {
        let index = self.by_id(id).ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
        if self.members[index].epoch == epoch {
            Ok(())
        } else {
            Err(ErrorCode::STALE_MEMBER_EPOCH)
        }
    }

    /// The place of a member.
    pub(crate) fn by_id(&self, id: &str) -> Option<usize> {
        self.members.iter().position(|member| member.id == id)
    }

    /// Kafka's name of its state.
    pub(crate) fn state_name(&self) -> &'static str {
        let settled = |member: &ConsumerMember| {
            member.epoch == self.epoch && member.revoking.is_empty() && !member.awaits_others
        };
        if self.members.is_empty() {
            "Empty"
        } else if self.assignment_epoch < self.epoch {
            "Assigning"
        } else if self.members.iter().all(settled) {
            "Stable"
        } else {
            "Reconciling"
        }
    }

    /// Does what is due by `now`, and says when the next thing is.
    pub(crate) fn expire(&mut self, now: Time) -> Option<Time> {
        let ends = |member: &ConsumerMember| {
            let rebalance = member.rebalance_ends.unwrap_or(Time::MAX);
            member.session_ends.min(rebalance)
        };
        while let Some(late) = self.members.iter().position(|m| ends(m) <= now) {
            self.remove(late);
        }
        self.members.iter().map(ends).min()
    }

    /// The place of the member that a heartbeat is of; a new one if it joins.
    fn find(&mut self, beat: &Beat<'_>) -> Result<usize, ErrorCode> {
        let joins = beat.epoch == 0;
        let known = match beat.instance_id {
            None => self.by_id(beat.member_id),
            Some(instance) => match self.static_member(instance) {
                Some(index) if joins => {
                    let member = &mut self.members[index];
                    if member.epoch != LEAVES_FOR_NOW {
                        return Err(ErrorCode::UNRELEASED_INSTANCE_ID);
                    }
                    beat.member_id.clone_into(&mut member.id);
                    Some(index)
                }
                Some(index) if self.members[index].id != beat.member_id => {
                    return Err(ErrorCode::FENCED_INSTANCE_ID);
                }
                found => found,
            },
        };
        let index = match known {
            Some(index) => index,
            None if joins => {
                self.members.push(ConsumerMember::new(beat));
                return Ok(self.members.len() - 1);
            }
            None => return Err(ErrorCode::UNKNOWN_MEMBER_ID),
        };
        let member = &self.members[index];
        // One that has not heard of its new epoch may say the last one again.
        let says_again = beat.epoch == member.previous_epoch
            && beat
                .owned
                .as_ref()
                .is_some_and(|owned| owned.is_subset(&member.assigned));
        if joins || beat.epoch == member.epoch || beat.epoch < member.epoch && says_again {
            Ok(index)
        } else {
            Err(ErrorCode::FENCED_MEMBER_EPOCH)
        }
    }

    fn static_member(&self, instance: &str) -> Option<usize> {
        let mut members = self.members.iter();
        members.position(|member| member.instance_id.as_deref() == Some(instance))
    }

    /// Brings a member nearer to what it is to read: first it lets go, then it gets what others
    /// have let go of.
    fn reconcile(&mut self, index: usize, beat: &Beat<'_>) {
        let others = self.members.iter().enumerate().filter(|(i, _)| *i != index);
        let taken: Partitions = others
            .flat_map(|(_, other)| other.assigned.union(&other.revoking).copied())
            .collect();
        let member = &mut self.members[index];
        let holds = |partitions: &Partitions| match &beat.owned {
            Some(owned) => !owned.is_disjoint(partitions),
            None => !partitions.is_empty(),
        };
        if !member.revoking.is_empty() && holds(&member.revoking) && beat.epoch != 0 {
            return;
        }
        let keeps: Partitions = &member.assigned & &member.target;
        let revokes = &member.assigned - &member.target;
        if beat.epoch != 0 && holds(&revokes) {
            member.assigned = keeps;
            member.revoking = revokes;
            let ends = beat.now + member.rebalance_timeout;
            member.rebalance_ends.get_or_insert(ends);
            return;
        }
        member.revoking.clear();
        member.rebalance_ends = None;
        member.awaits_others = !member.target.is_disjoint(&taken);
        member.assigned = &member.target - &taken;
        if member.epoch != self.assignment_epoch {
            member.previous_epoch = member.epoch;
            member.epoch = self.assignment_epoch;
        }
    }
}

impl ConsumerMember {
    fn new(beat: &Beat<'_>) -> Self {
        Self {
            id: beat.member_id.to_owned(),
            instance_id: beat.instance_id.map(str::to_owned),
            rack_id: None,
            client_id: String::new(),
            client_host: String::new(),
            epoch: 0,
            previous_epoch: -1,
            names: BTreeSet::new(),
            regex: None,
            pattern: None,
            assignor: None,
            rebalance_timeout: Duration::ZERO,
            session_ends: beat.now,
            rebalance_ends: None,
            assigned: Partitions::new(),
            revoking: Partitions::new(),
            target: Partitions::new(),
            awaits_others: false,
        }
    }

    /// Does it read the topic of this name?
    pub(crate) fn reads(&self, topic: &str) -> bool {
        let pattern = self.pattern.as_ref();
        self.names.contains(topic) || pattern.is_some_and(|pattern| pattern.is_match(topic))
    }

    /// Takes over what a heartbeat says; is it to be settled anew who reads what?
    fn update(&mut self, beat: &Beat<'_>) -> bool {
        let before = (
            self.names.clone(),
            self.regex.clone(),
            self.assignor.clone(),
        );
        let is_new = self.epoch == 0;
        if let Some(names) = &beat.names {
            self.names.clone_from(names);
        }
        if let Some(regex) = beat.regex {
            self.regex = (!regex.is_empty()).then(|| regex.to_owned());
            self.pattern = self.regex.as_deref().and_then(|regex| whole(regex).ok());
        }
        if let Some(assignor) = beat.assignor {
            self.assignor = Some(assignor.to_owned());
        }
        if let Some(rack) = beat.rack_id {
            self.rack_id = Some(rack.to_owned());
        }
        if let Some(timeout) = beat.rebalance_timeout {
            self.rebalance_timeout = timeout;
        }
        beat.client_id.clone_into(&mut self.client_id);
        self.client_host.clone_from(&beat.client_host);
        self.session_ends = beat.now + beat.session_timeout;
        is_new
            || before
                != (
                    self.names.clone(),
                    self.regex.clone(),
                    self.assignor.clone(),
                )
    }
}
