//! Implements `Protocol` for `Consumer`.

use std::time::{Duration, Instant};

use libkafka_protocol::messages::ConsumerGroupHeartbeatRequest;
use libkafka_protocol::{ErrorCode, Uuid};

use super::super::actions::OnTheWay;
use super::super::base::{Base, Leave, Next};
use super::super::event::LostReason;
use super::super::identity::MemberIdentity;
use super::super::options::{ClassicOptions, Departure};
use super::super::protocol::Protocol;
use super::super::step::{Failure, Outcome, Task};
use super::super::topics::WantedTopics;
use super::member::Consumer;

/// The epoch with which a member leaves (KIP-848).
const LEAVES: i32 = -1;
/// The epoch with which a static member leaves temporarily (KIP-848).
const LEAVES_FOR_A_WHILE: i32 = -2;

impl Protocol for Consumer {
    fn next(&mut self, base: &mut Base, now: Instant) -> Next {
        self.next_task(base, now)
    }

    fn done(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        outcome: Result<Outcome, Failure>,
    ) {
        self.answered(base, now, action, outcome);
    }

    fn coordinator_lost(&mut self, base: &mut Base, now: Instant) {
        self.says_all = true;
        self.acknowledging = None;
        base.liveness.due_by(now);
    }

    fn reset(&mut self, base: &mut Base, why: LostReason) {
        self.lose(base, why);
    }

    fn subscription_changed(&mut self, _base: &mut Base, _now: Instant) {
        self.has_resubscribed = true;
    }

    fn topics_changed(&mut self, base: &mut Base, now: Instant) {
        let are_missing = !self.unresolved(base).is_empty();
        base.topics_updated(now, are_missing);
        if self.epoch > 0 {
            self.reconcile(base, now);
        }
    }

    fn topic_replaced(&mut self, _base: &mut Base, _now: Instant, _topic: &str, _id: Uuid) {
        // The coordinator assigns the new one by its id.
    }

    fn wanted_topics(&self, base: &Base) -> Option<WantedTopics> {
        let unresolved = self.unresolved(base);
        (!unresolved.is_empty()).then_some(WantedTopics::WithIds(unresolved))
    }

    fn topics_interval(&self) -> Duration {
        Duration::ZERO
    }

    fn released(&mut self, base: &mut Base, now: Instant) {
        if !base.claims.are_wanted_back() {
            self.reconcile(base, now);
        }
    }

    fn commit_refused(&mut self, base: &mut Base, now: Instant, code: ErrorCode) {
        self.commit_refused_with(base, now, code);
    }

    fn leave(&self, base: &Base, departure: Departure, _reason: &str) -> Leave {
        let is_static = base.instance_id.is_some();
        let member_epoch = match departure {
            Departure::Leave => LEAVES,
            Departure::ByKind if !is_static => LEAVES,
            Departure::ByKind | Departure::Remain if is_static => LEAVES_FOR_A_WHILE,
            Departure::ByKind | Departure::Remain => return Leave::Nothing,
        };
        if !self.has_asked_to_join {
            return Leave::Nothing;
        }
        Leave::Send(Task::ConsumerHeartbeat(ConsumerGroupHeartbeatRequest {
            group_id: base.group_id.clone(),
            member_id: self.member_id.clone(),
            member_epoch,
            instance_id: base.instance_id.clone(),
            ..Default::default()
        }))
    }

    fn identity(&self, base: &Base) -> Option<MemberIdentity> {
        if self.epoch == 0 {
            return None;
        }
        let mut identity = MemberIdentity::consumer(&self.member_id, self.epoch);
        identity.instance_id.clone_from(&base.instance_id);
        Some(identity)
    }

    fn member_id(&self) -> &str {
        &self.member_id
    }

    fn fallback(&self) -> Option<&ClassicOptions> {
        let fallback = self.options.fallback.as_ref();
        fallback.filter(|_| !self.has_joined)
    }
}
