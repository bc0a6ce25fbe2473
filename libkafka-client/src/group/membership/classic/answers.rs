//! `Classic`: the coordinator's answers, and what follows from them.

use std::time::Instant;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{
    ConsumerProtocolAssignment, HeartbeatResponse, JoinGroupResponse, SyncGroupResponse,
};

use super::super::actions::{Kind, OnTheWay};
use super::super::assign_task::Assigned;
use super::super::base::{Base, Refusal, Standing};
use super::super::event::StopReason;
use super::super::step::{Failure, Outcome};
use super::lead::Lead;
use super::member::{Classic, Phase};
use crate::topic_partition::TopicPartition;

/// Why a member joins again, for the coordinator's log (KIP-800).
const REBALANCE: &str = "the group is rebalancing";
const NO_PLAN: &str = "the leader could not work out who reads what";

impl Classic {
    pub(super) fn answered(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        outcome: Result<Outcome, Failure>,
    ) {
        match (action.kind, outcome) {
            (Kind::Join, Ok(Outcome::Join(answer))) => self.joined(base, now, answer),
            (Kind::Sync, Ok(Outcome::Sync(answer))) => {
                self.synced(base, now, action.begun, answer);
            }
            (Kind::Heartbeat, Ok(Outcome::Heartbeat(answer))) => {
                self.heard(base, now, action.begun, &answer);
            }
            (Kind::Assign, Ok(Outcome::Assigned(Assigned(plan)))) => {
                self.phase = Phase::Joined(plan);
            }
            (Kind::Assign, _) => {
                self.phase = Phase::Out;
                self.rejoin = Some(NO_PLAN);
            }
            (Kind::Join | Kind::Sync, _) => {
                self.phase = Phase::Out;
                base.backoff.failed(now);
            }
            _ => base.backoff.failed(now),
        }
    }

    fn joined(&mut self, base: &mut Base, now: Instant, answer: JoinGroupResponse) {
        if let Standing::Leaving(_) = base.standing {
            // Now it knows the id with which to leave.
            self.member_id = answer.member_id;
            return;
        }
        self.phase = Phase::Out;
        match answer.error_code {
            ErrorCode::NONE => self.joined_generation(base, now, answer),
            ErrorCode::MEMBER_ID_REQUIRED => {
                self.member_id = answer.member_id;
                base.backoff.failed_curably(now);
            }
            ErrorCode::UNKNOWN_MEMBER_ID | ErrorCode::ILLEGAL_GENERATION => {
                base.backoff.failed_curably(now);
                self.refused(base, answer.error_code);
            }
            // Members join while others do.
            ErrorCode::REBALANCE_IN_PROGRESS => base.backoff.failed(now),
            code => self.refused_otherwise(base, now, code),
        }
    }

    fn joined_generation(&mut self, base: &mut Base, now: Instant, answer: JoinGroupResponse) {
        base.succeeded();
        let name = answer.protocol_name.unwrap_or_default();
        self.member_id = answer.member_id;
        self.generation = Some(answer.generation_id);
        base.actions.forget(&[Kind::Heartbeat]);
        base.liveness.heard(now);
        base.liveness.sent(now);
        if self.assignor(&name).is_none() {
            base.stop_and_leave(now, StopReason::UnknownProtocol(name));
            return;
        }
        self.protocol = Some(name);
        let leads = answer.leader == self.member_id;
        self.lead = leads.then(|| Lead::new(answer.members));
        self.phase = match &mut self.lead {
            Some(lead) if answer.skip_assignment => {
                if let Some(known) = &base.topics {
                    lead.note(known);
                }
                Phase::Joined(Vec::new())
            }
            Some(_) => Phase::Leading,
            None => Phase::Joined(Vec::new()),
        };
        if leads {
            base.topics_due = None;
        }
    }

    fn synced(&mut self, base: &mut Base, now: Instant, sent: Instant, answer: SyncGroupResponse) {
        self.phase = Phase::Out;
        match answer.error_code {
            ErrorCode::NONE => {}
            ErrorCode::REBALANCE_IN_PROGRESS => {
                self.rejoin = Some(REBALANCE);
                return;
            }
            code if self.refused(base, code) => return,
            code => return self.refused_otherwise(base, now, code),
        }
        base.succeeded();
        base.liveness.heard(sent);
        // No bytes: the leader has left the member out.
        let assignment = match &answer.assignment {
            bytes if bytes.is_empty() => Ok(ConsumerProtocolAssignment::default()),
            bytes => ConsumerProtocolAssignment::from_bytes(bytes),
        };
        let Ok(assignment) = assignment else {
            base.stop_and_leave(now, StopReason::BadAssignment);
            return;
        };
        let mut partitions = Vec::new();
        for topic in &assignment.assigned_partitions {
            let name = match &base.topics {
                Some(topics) => topics.shared_name(&topic.topic),
                None => topic.topic.as_str().into(),
            };
            let of_topic = topic.partitions.iter();
            partitions.extend(of_topic.map(|p| TopicPartition::new(name.clone(), *p)));
        }
        self.wanted = partitions.iter().map(|p| (p.clone(), None)).collect();
        self.assigned = self.generation.map(|generation| (partitions, generation));
        self.phase = Phase::Stable;
        self.reconcile(base, now);
    }

    fn heard(&mut self, base: &mut Base, now: Instant, sent: Instant, answer: &HeartbeatResponse) {
        match answer.error_code {
            ErrorCode::NONE => {
                base.coordinator_backoff.succeeded();
                base.liveness.heard(sent);
            }
            ErrorCode::REBALANCE_IN_PROGRESS => {
                base.coordinator_backoff.succeeded();
                base.liveness.heard(sent);
                // Otherwise it is the rebalance that the member is joining.
                if !matches!(self.phase, Phase::Joining) {
                    self.join_again(REBALANCE);
                }
            }
            // The answer to the join may say otherwise, if it is on the way: ask once more.
            ErrorCode::UNKNOWN_MEMBER_ID | ErrorCode::ILLEGAL_GENERATION
                if matches!(self.phase, Phase::Joining) && !self.suspects =>
            {
                self.suspects = true;
            }
            code if self.refused(base, code) => {}
            code => self.refused_otherwise(base, now, code),
        }
    }

    fn refused_otherwise(&mut self, base: &mut Base, now: Instant, code: ErrorCode) {
        match Refusal::of(code) {
            Refusal::NotCoordinator => {
                base.lose_coordinator(now);
                self.lose_requests();
            }
            Refusal::Passing => {
                base.backoff.failed(now);
                if let Some(until) = base.backoff.until() {
                    base.liveness.due_by(until);
                }
            }
            Refusal::Final => base.refused(code, None),
        }
    }

    /// Abandons requests that were sent to the coordinator.
    pub(super) fn lose_requests(&mut self) {
        if matches!(self.phase, Phase::Joining | Phase::Syncing) {
            self.phase = Phase::Out;
        }
    }

    pub(super) fn commit_refused_with(&mut self, base: &mut Base, now: Instant, code: ErrorCode) {
        match code {
            // Before that it may be the rebalance of which the member is in the middle.
            ErrorCode::REBALANCE_IN_PROGRESS if matches!(self.phase, Phase::Stable) => {
                self.join_again(REBALANCE);
            }
            ErrorCode::FENCED_INSTANCE_ID => base.refused(code, None),
            ErrorCode::UNKNOWN_MEMBER_ID | ErrorCode::ILLEGAL_GENERATION => {
                if matches!(self.phase, Phase::Joining) {
                    base.liveness.due_by(now);
                } else {
                    self.refused(base, code);
                }
            }
            _ => {}
        }
    }
}
