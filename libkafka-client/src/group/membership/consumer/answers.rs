//! `Consumer`: the coordinator's answers, and what follows from them.

use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::ConsumerGroupHeartbeatResponse;

use super::super::actions::OnTheWay;
use super::super::base::{Base, Refusal};
use super::super::event::LostReason;
use super::super::step::{Failure, Outcome};
use super::member::{Consumer, Partitions};

/// How often a member retries if its instance id is still held by another member.
const TRIES_FOR_INSTANCE_ID: u32 = 3;

impl Consumer {
    pub(super) fn answered(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        outcome: Result<Outcome, Failure>,
    ) {
        let acknowledging = self.acknowledging.take();
        let Ok(Outcome::ConsumerHeartbeat(answer)) = outcome else {
            self.says_all = true;
            base.backoff.failed(now);
            return;
        };
        match answer.error_code {
            ErrorCode::NONE => {
                if acknowledging.is_some() {
                    self.acknowledged = acknowledging;
                    self.settled = None;
                }
                self.taken(base, now, action, answer);
            }
            code => self.refused(base, now, code, answer.error_message),
        }
    }

    fn taken(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        answer: ConsumerGroupHeartbeatResponse,
    ) {
        if answer.member_epoch <= 0 {
            // No member is in such an epoch.
            self.says_all = true;
            base.backoff.failed(now);
            return;
        }
        base.succeeded();
        self.unreleased = 0;
        self.has_joined = true;
        // In version 0 the coordinator draws it.
        if let Some(id) = answer.member_id.filter(|id| !id.is_empty()) {
            self.member_id = id;
        }
        self.epoch = answer.member_epoch;
        // A broker that says 0 would be asked without a pause.
        if let Ok(interval @ 1..) = u64::try_from(answer.heartbeat_interval_ms) {
            base.liveness.interval = Duration::from_millis(interval);
        }
        base.liveness.sent(action.begun);
        base.liveness.heard(action.begun);
        let Some(assignment) = answer.assignment else {
            return;
        };
        let mut wanted = Partitions::new();
        for topic in assignment.topic_partitions {
            wanted
                .entry(topic.topic_id)
                .or_default()
                .extend(topic.partitions);
        }
        self.wanted = wanted;
        base.topics_due = None;
        self.reconcile(base, now);
    }

    fn refused(&mut self, base: &mut Base, now: Instant, code: ErrorCode, message: Option<String>) {
        self.says_all = true;
        base.liveness.due_by(now);
        match code {
            ErrorCode::FENCED_MEMBER_EPOCH => {
                base.backoff.failed_curably(now);
                self.lose(base, LostReason::Fenced);
            }
            // A group that is gone does not know its members either.
            ErrorCode::UNKNOWN_MEMBER_ID | ErrorCode::GROUP_ID_NOT_FOUND => {
                base.backoff.failed_curably(now);
                self.lose(base, LostReason::UnknownMember);
            }
            ErrorCode::UNRELEASED_INSTANCE_ID if self.unreleased < TRIES_FOR_INSTANCE_ID => {
                self.unreleased += 1;
                base.backoff.failed(now);
            }
            code => match Refusal::of(code) {
                Refusal::NotCoordinator => base.lose_coordinator(now),
                Refusal::Passing => base.backoff.failed(now),
                Refusal::Final => base.refused(code, message),
            },
        }
    }

    pub(super) fn commit_refused_with(&mut self, base: &mut Base, now: Instant, code: ErrorCode) {
        match code {
            // The answer to a heartbeat has the epoch that the coordinator means.
            ErrorCode::STALE_MEMBER_EPOCH => base.liveness.due_by(now),
            ErrorCode::UNKNOWN_MEMBER_ID => self.lose(base, LostReason::UnknownMember),
            ErrorCode::FENCED_MEMBER_EPOCH => self.lose(base, LostReason::Fenced),
            ErrorCode::FENCED_INSTANCE_ID => base.refused(code, None),
            _ => {}
        }
    }
}
