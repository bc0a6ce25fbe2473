//! `Classic`: a member of a classic group.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{HeartbeatRequest, SyncGroupRequest};

use super::super::actions::Kind;
use super::super::base::{Base, Next};
use super::super::claims::Assignment;
use super::super::event::LostReason;
use super::super::later::later;
use super::super::options::ClassicOptions;
use super::super::step::Task;
use super::super::subscription::Subscription;
use super::lead::Lead;
use crate::topic_partition::TopicPartition;

/// The protocol type of consumers.
pub(super) const PROTOCOL_TYPE: &str = "consumer";

/// The time that the coordinator, and answers to a request that it holds back, may take in addition
/// to the rebalance timeout; the same as in Java.
const HELD_BACK: Duration = Duration::from_secs(5);

/// A member of a classic group.
#[derive(Debug)]
pub(crate) struct Classic {
    pub(super) options: ClassicOptions,
    /// The member id; empty if it has none.
    pub(super) member_id: String,
    /// The last generation that it joined, if the coordinator still counts it as a member.
    pub(super) generation: Option<i32>,
    pub(super) phase: Phase,
    /// Why it must join again, if it must.
    pub(super) rejoin: Option<&'static str>,
    /// The name of the protocol of that generation.
    pub(super) protocol: Option<String>,
    /// What it knows as the leader, if it leads.
    pub(super) lead: Option<Lead>,
    /// What it should own.
    pub(super) wanted: Assignment,
    /// Its last assignment, and the generation of it.
    pub(super) assigned: Option<(Vec<TopicPartition>, i32)>,
    /// The topics that it joined with.
    pub(super) joined_topics: Vec<String>,
    /// Whether a heartbeat was refused while the answer to a join may be in flight.
    pub(super) suspects: bool,
}

/// The phase of a member.
#[derive(Debug)]
pub(crate) enum Phase {
    /// It must join.
    Out,
    Joining,
    /// It leads, and must compute the assignment.
    Leading,
    Assigning,
    /// It must sync.
    Joined(Vec<SyncGroupRequestAssignment>),
    Syncing,
    Stable,
}

impl Classic {
    pub(crate) fn new(options: ClassicOptions) -> Self {
        Self {
            options,
            member_id: String::new(),
            generation: None,
            phase: Phase::Out,
            rejoin: None,
            protocol: None,
            lead: None,
            wanted: Assignment::new(),
            assigned: None,
            joined_topics: Vec::new(),
            suspects: false,
        }
    }

    pub(super) fn next_task(&mut self, base: &mut Base, now: Instant) -> Next {
        let mut heartbeat = None;
        if let Some(generation) = self.generation
            && !base.actions.has(Kind::Heartbeat)
        {
            match base.liveness.due() {
                Some(due) if due > now => heartbeat = Some(due),
                _ => return self.heartbeat(base, generation, now),
            }
        }
        match self.next_of_phase(base, now) {
            Next::At(time) => Next::At(heartbeat.into_iter().chain(time).min()),
            todo => todo,
        }
    }

    fn heartbeat(&self, base: &mut Base, generation: i32, now: Instant) -> Next {
        base.liveness.sent(now);
        let request = HeartbeatRequest {
            group_id: base.group_id.clone(),
            generation_id: generation,
            member_id: self.member_id.clone(),
            group_instance_id: base.instance_id.clone(),
            ..Default::default()
        };
        // A silent coordinator is given up early enough to find another one within the session.
        let time = base.request_timeout.min(self.options.session_timeout / 3);
        Next::Do(Task::Heartbeat(request), time)
    }

    fn next_of_phase(&mut self, base: &mut Base, now: Instant) -> Next {
        match &mut self.phase {
            Phase::Out => self.join(base, now),
            Phase::Stable if self.rejoin.is_some() => self.join(base, now),
            Phase::Leading => {
                let name = self.protocol.clone().unwrap_or_default();
                let assignor = self.assignor(&name);
                match (&mut self.lead, &base.topics, assignor) {
                    (Some(lead), Some(known), Some(assignor)) if lead.is_ready(Some(known)) => {
                        let task = lead.task(known, assignor);
                        self.phase = Phase::Assigning;
                        Next::Do(Task::Assign(task), self.options.rebalance_timeout)
                    }
                    // It asks for the topics.
                    _ => Next::At(None),
                }
            }
            Phase::Joined(assignments) => {
                let request = SyncGroupRequest {
                    group_id: base.group_id.clone(),
                    generation_id: self.generation.unwrap_or(-1),
                    member_id: self.member_id.clone(),
                    group_instance_id: base.instance_id.clone(),
                    protocol_type: Some(PROTOCOL_TYPE.to_owned()),
                    protocol_name: self.protocol.clone(),
                    assignments: std::mem::take(assignments),
                    ..Default::default()
                };
                self.phase = Phase::Syncing;
                Next::Do(Task::Sync(request), self.held_back_for())
            }
            Phase::Joining | Phase::Assigning | Phase::Syncing | Phase::Stable => Next::At(None),
        }
    }

    fn join(&mut self, base: &mut Base, now: Instant) -> Next {
        if !self.options.is_cooperative() && !base.claims.is_empty() {
            self.wanted.clear();
            let by = self.revoke_by(base, now);
            base.claims.reconcile(&self.wanted, by);
        }
        let resolved = match &base.subscription {
            Subscription::Topics(_) => true,
            Subscription::Regex(_) => base.topics.is_some(),
        };
        if !self.options.is_cooperative() && !base.claims.is_empty() || !resolved {
            return Next::At(None);
        }
        if !base.backoff.is_over(now) {
            return Next::At(base.backoff.until());
        }
        let reason = self.rejoin.take();
        let request = self.join_request(base, reason);
        self.phase = Phase::Joining;
        self.suspects = false;
        Next::Do(Task::Join(request), self.held_back_for())
    }

    fn held_back_for(&self) -> Duration {
        self.options.rebalance_timeout.saturating_add(HELD_BACK)
    }

    /// The deadline for releasing partitions. The rebalance may have begun just after the
    /// coordinator last heard from the member.
    pub(super) fn revoke_by(&self, base: &Base, now: Instant) -> Instant {
        let since = base.liveness.last_heard().unwrap_or(now);
        later(since, self.options.rebalance_timeout)
    }

    pub(super) fn assignor(&self, name: &str) -> Option<Arc<dyn crate::group::assignor::Assignor>> {
        let mut assignors = self.options.assignors.iter();
        assignors.find(|assignor| assignor.name() == name).cloned()
    }

    /// Makes the member join again, once it can.
    pub(super) fn join_again(&mut self, why: &'static str) {
        self.rejoin.get_or_insert(why);
        match self.phase {
            // The assignment would be that of a generation that has passed.
            Phase::Leading | Phase::Joined(_) => self.phase = Phase::Out,
            // Their answers say so too.
            Phase::Joining | Phase::Assigning | Phase::Syncing => {}
            Phase::Out | Phase::Stable => {}
        }
    }

    /// Loses the partitions and the generation.
    pub(super) fn lose(&mut self, base: &mut Base, why: LostReason) {
        base.lose_all(why);
        base.liveness.end_session();
        let kinds = [Kind::Join, Kind::Sync, Kind::Heartbeat, Kind::Assign];
        base.actions.forget(&kinds);
        self.generation = None;
        self.wanted.clear();
        self.lead = None;
        self.phase = Phase::Out;
        self.suspects = false;
        if matches!(why, LostReason::UnknownMember | LostReason::Left) {
            self.member_id.clear();
        }
    }

    /// Handles a refusal of the member as such. Returns false if it is not one.
    pub(super) fn refused(&mut self, base: &mut Base, code: ErrorCode) -> bool {
        match code {
            ErrorCode::UNKNOWN_MEMBER_ID => self.lose(base, LostReason::UnknownMember),
            ErrorCode::ILLEGAL_GENERATION => self.lose(base, LostReason::Fenced),
            _ => return false,
        }
        true
    }

    /// Brings the claims in line with what should be owned.
    pub(super) fn reconcile(&mut self, base: &mut Base, now: Instant) {
        for (partition, id) in &mut self.wanted {
            let topic = base.topics.as_ref().and_then(|t| t.get(&partition.topic));
            *id = topic.and_then(|topic| topic.id).or(*id);
        }
        let by = self.revoke_by(base, now);
        base.claims.reconcile(&self.wanted, by);
    }
}
