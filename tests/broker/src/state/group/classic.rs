//! [`Classic`]: a group whose members divide the work among themselves, with the classic protocol.

use std::collections::BTreeMap;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::embedded::CONSUMER;
use super::join::{Join, JoinRefused};
use super::member::{Identity, Member};
use super::protocols::common_protocols;
use super::replies::Replies;
use super::sync::Sync;
use crate::clock::Time;
use crate::state::random_id::random_java_uuid;

/// The state of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    #[default]
    Empty,
    /// Members must join again.
    PreparingRebalance,
    /// The leader must send the assignments.
    CompletingRebalance,
    Stable,
}

impl Phase {
    /// Kafka's name for the phase.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }
}

/// The members of a group, and their progress.
#[derive(Debug, Default)]
pub(crate) struct Classic {
    pub(crate) phase: Phase,
    pub(crate) generation: i32,
    pub(crate) protocol_type: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) leader: Option<String>,
    /// The members, in the order in which they joined.
    pub(crate) members: Vec<Member>,
    /// Ids that were assigned and have not joined yet, each with its expiry.
    pub(super) pending: BTreeMap<String, Time>,
    /// When the rebalance continues without members that have not joined or synced.
    pub(super) rebalance_ends: Time,
    /// Until when a new group waits for more members.
    pub(super) first_members_until: Option<Time>,
}

impl Classic {
    /// A group of consumers whose partitions are already assigned.
    pub(super) fn with_assignments(generation: i32, members: Vec<Member>) -> Self {
        let mut group = Self {
            phase: Phase::Stable,
            generation,
            protocol_type: Some(CONSUMER.to_owned()),
            leader: members.first().map(|member| member.id.clone()),
            members,
            ..Self::default()
        };
        group.protocol = group.elect_protocol();
        group
    }

    /// Handles a JoinGroup, whose answer has the number `ticket`.
    pub(crate) fn join(
        &mut self,
        join: Join<'_>,
        ticket: u64,
        now: Time,
        replies: &mut Replies,
    ) -> Result<(), JoinRefused> {
        if !self.can_do(&join) {
            return Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL.into());
        }
        let former_leader = self.leader.clone();
        let known = if join.who.member_id.is_empty() {
            match join.who.instance_id {
                Some(instance) => self.replace_static(instance, replies),
                None if join.id_first => {
                    let id = new_id(join.client_id);
                    self.pending.insert(id.clone(), now + join.session_timeout);
                    return Err(JoinRefused {
                        code: ErrorCode::MEMBER_ID_REQUIRED,
                        member_id: Some(id),
                    });
                }
                None => None,
            }
        } else if self.pending.contains_key(join.who.member_id) {
            if join.who.instance_id.is_some() {
                // Static members do not get an id first: Kafka fails at it.
                return Err(JoinRefused {
                    code: ErrorCode::UNKNOWN_SERVER_ERROR,
                    member_id: Some(String::new()),
                });
            }
            self.pending.remove(join.who.member_id);
            None
        } else {
            Some(self.find(join.who)?)
        };
        let Some(index) = known else {
            self.add(join, ticket, now);
            self.prepare(now, replies);
            self.rejoined(now, replies);
            return Ok(());
        };
        let first_of_its_id = join.who.member_id.is_empty();
        let member = &mut self.members[index];
        let same = member.protocols == join.protocols;
        let is_leader = self.leader.as_deref() == Some(&member.id);
        member.protocols = join.protocols;
        member.session_timeout = join.session_timeout;
        member.rebalance_timeout = join.rebalance_timeout;
        member.client_id = join.client_id.to_owned();
        member.client_host = join.client_host;
        member.heard_of(now);
        // A former request of the same member will not be read any more.
        let former = member.joining.replace(ticket);
        replies.join(former, || Err(ErrorCode::UNKNOWN_MEMBER_ID));
        let as_before = match self.phase {
            Phase::Stable if first_of_its_id => same,
            Phase::Stable => same && !is_leader,
            Phase::CompletingRebalance => same,
            _ => false,
        };
        if as_before {
            let mut joined = self.joined(index);
            joined.former_leader =
                former_leader.filter(|_| is_leader && self.phase == Phase::Stable);
            self.members[index].joining = None;
            replies.join(Some(ticket), || Ok(joined));
            return Ok(());
        }
        self.prepare(now, replies);
        self.rejoined(now, replies);
        Ok(())
    }

    /// Handles a SyncGroup, whose answer has the number `ticket`.
    pub(crate) fn sync(
        &mut self,
        sync: &Sync<'_>,
        ticket: u64,
        now: Time,
        replies: &mut Replies,
    ) -> Result<(), ErrorCode> {
        let index = self.find(sync.who)?;
        if sync.generation != self.generation {
            return Err(ErrorCode::ILLEGAL_GENERATION);
        }
        let differs =
            |said: Option<&str>, ours: &Option<String>| said.is_some() && said != ours.as_deref();
        if differs(sync.protocol_type, &self.protocol_type)
            || differs(sync.protocol, &self.protocol)
        {
            return Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        }
        match self.phase {
            Phase::Empty => return Err(ErrorCode::UNKNOWN_MEMBER_ID),
            Phase::PreparingRebalance => return Err(ErrorCode::REBALANCE_IN_PROGRESS),
            Phase::CompletingRebalance | Phase::Stable => {}
        }
        let member = &mut self.members[index];
        member.owes_sync = false;
        member.heard_of(now);
        let former = member.syncing.replace(ticket);
        replies.sync(former, || Err(ErrorCode::UNKNOWN_MEMBER_ID));
        if self.phase == Phase::CompletingRebalance {
            if self.leader != Some(self.members[index].id.clone()) {
                return Ok(());
            }
            for member in &mut self.members {
                let mut given = sync.assignments.iter().rev();
                let given = given.find(|(id, _)| *id == member.id);
                member.assignment = given.map_or_else(Bytes::new, |(_, bytes)| bytes.clone());
            }
            self.phase = Phase::Stable;
        }
        self.answer_syncs(now, replies);
        Ok(())
    }

    /// Handles a Heartbeat.
    pub(crate) fn heartbeat(
        &mut self,
        who: Identity<'_>,
        generation: i32,
        now: Time,
    ) -> Result<(), ErrorCode> {
        let index = self.find(who)?;
        if generation != self.generation {
            return Err(ErrorCode::ILLEGAL_GENERATION);
        }
        self.members[index].heard_of(now);
        match self.phase {
            Phase::Empty => Err(ErrorCode::UNKNOWN_MEMBER_ID),
            Phase::PreparingRebalance => Err(ErrorCode::REBALANCE_IN_PROGRESS),
            Phase::CompletingRebalance | Phase::Stable => Ok(()),
        }
    }

    /// Removes a member that leaves.
    pub(crate) fn leave(
        &mut self,
        who: Identity<'_>,
        now: Time,
        replies: &mut Replies,
    ) -> Result<(), ErrorCode> {
        if self.pending.remove(who.member_id).is_some() {
            self.rejoined(now, replies);
            return Ok(());
        }
        let by_name = |member: &Member| member.instance_id.as_deref() == who.instance_id;
        let index = if who.member_id.is_empty() && who.instance_id.is_some() {
            let found = self.members.iter().position(by_name);
            found.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?
        } else {
            self.find(who)?
        };
        self.remove(index, now, replies);
        Ok(())
    }

    /// Whether this member may commit offsets in this generation.
    pub(crate) fn check_commit(
        &mut self,
        who: Identity<'_>,
        generation: i32,
        transactional: bool,
        now: Time,
    ) -> Result<(), ErrorCode> {
        let anonymous = who.is_nobody(generation);
        if self.phase == Phase::Empty && generation < 0 || transactional && anonymous {
            return Ok(());
        }
        if anonymous {
            return Err(ErrorCode::UNKNOWN_MEMBER_ID);
        }
        let index = self.find(who)?;
        if generation != self.generation {
            return Err(ErrorCode::ILLEGAL_GENERATION);
        }
        self.members[index].heard_of(now);
        if self.phase == Phase::CompletingRebalance && !transactional {
            return Err(ErrorCode::REBALANCE_IN_PROGRESS);
        }
        Ok(())
    }

    /// The index of a member.
    pub(crate) fn find(&self, who: Identity<'_>) -> Result<usize, ErrorCode> {
        if let Some(instance) = who.instance_id {
            let mut members = self.members.iter();
            let named = members.position(|member| member.instance_id.as_deref() == Some(instance));
            let index = named.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
            return if self.members[index].id == who.member_id {
                Ok(index)
            } else {
                Err(ErrorCode::FENCED_INSTANCE_ID)
            };
        }
        let mut members = self.members.iter();
        let found = members.position(|member| member.id == who.member_id);
        found.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)
    }

    /// The metadata of a member for the protocol that was agreed on.
    pub(crate) fn metadata_of(&self, member: &Member) -> Bytes {
        let protocol = self.protocol.as_deref();
        protocol.map_or_else(Bytes::new, |protocol| member.metadata(protocol))
    }

    /// Whether there is a protocol that all members, and this one, support.
    fn can_do(&self, join: &Join<'_>) -> bool {
        if join.protocol_type.is_empty() || join.protocols.is_empty() {
            return false;
        }
        // Kafka asks the member that it knows already too, by what it could do so far.
        if self.members.is_empty() {
            return true;
        }
        self.protocol_type.as_deref() == Some(join.protocol_type) && {
            let members = self.members.iter().map(|member| &member.protocols);
            !common_protocols(members.chain([&join.protocols])).is_empty()
        }
    }

    /// Gives the static member with this name a new id, and returns its index.
    fn replace_static(&mut self, instance: &str, replies: &mut Replies) -> Option<usize> {
        let mut members = self.members.iter();
        let index = members.position(|member| member.instance_id.as_deref() == Some(instance))?;
        let member = &mut self.members[index];
        let id = new_id(instance);
        let former = std::mem::replace(&mut member.id, id.clone());
        let (joining, syncing) = (member.joining.take(), member.syncing.take());
        replies.join(joining, || Err(ErrorCode::FENCED_INSTANCE_ID));
        replies.sync(syncing, || Err(ErrorCode::FENCED_INSTANCE_ID));
        if self.leader.as_ref() == Some(&former) {
            self.leader = Some(id);
        }
        Some(index)
    }

    fn add(&mut self, join: Join<'_>, ticket: u64, now: Time) {
        let id = match join.who.member_id {
            "" => new_id(join.who.instance_id.unwrap_or(join.client_id)),
            id => id.to_owned(),
        };
        if self.members.is_empty() {
            self.protocol_type = Some(join.protocol_type.to_owned());
            self.leader = Some(id.clone());
            self.first_members_until = Some(now + join.initial_delay);
        }
        self.members.push(Member {
            id,
            instance_id: join.who.instance_id.map(str::to_owned),
            client_id: join.client_id.to_owned(),
            client_host: join.client_host,
            protocols: join.protocols,
            session_timeout: join.session_timeout,
            rebalance_timeout: join.rebalance_timeout,
            assignment: Bytes::new(),
            session_ends: now + join.session_timeout,
            joining: Some(ticket),
            syncing: None,
            owes_sync: false,
        });
    }
}

/// An id for a member.
fn new_id(prefix: &str) -> String {
    format!("{prefix}-{}", random_java_uuid())
}
