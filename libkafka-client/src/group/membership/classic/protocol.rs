//! Implements `Protocol` for `Classic`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::{ErrorCode, Uuid};

use super::super::actions::{Kind, OnTheWay};
use super::super::base::{Base, Leave, Next};
use super::super::event::LostReason;
use super::super::identity::MemberIdentity;
use super::super::leave_request::LeaveRequest;
use super::super::options::Departure;
use super::super::protocol::Protocol;
use super::super::step::{Failure, Outcome, Task};
use super::super::subscription::Subscription;
use super::super::topics::{Topics, WantedTopics};
use super::member::{Classic, Phase};

/// Why a member joins again, for the coordinator's log (KIP-800).
const SUBSCRIPTION: &str = "the subscription has changed";
const TOPICS: &str = "topics or their partitions have changed";
const RELEASED: &str = "partitions have been given up for others";

impl Protocol for Classic {
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

    fn coordinator_lost(&mut self, _base: &mut Base, _now: Instant) {
        self.lose_requests();
    }

    fn reset(&mut self, base: &mut Base, why: LostReason) {
        self.lose(base, why);
    }

    fn subscription_changed(&mut self, _base: &mut Base, _now: Instant) {
        self.join_again(SUBSCRIPTION);
    }

    fn topics_changed(&mut self, base: &mut Base, now: Instant) {
        let Some(known) = base.topics.clone() else {
            return;
        };
        let waits_for_release = self.rejoin.is_some() && !self.options.is_cooperative();
        if matches!(self.phase, Phase::Stable) && !waits_for_release {
            self.reconcile(base, now);
        }
        let missing = match &mut self.lead {
            Some(lead) => {
                lead.topics_asked = true;
                lead.missing(&known).next().is_some()
            }
            None => false,
        };
        base.topics_updated(now, missing);
        let has_joined = !matches!(self.phase, Phase::Out);
        let outdated = self
            .lead
            .as_ref()
            .is_some_and(|lead| lead.is_outdated(&known));
        if outdated || has_joined && self.subscribed_topics(base) != self.joined_topics {
            self.join_again(TOPICS);
        }
    }

    fn topic_replaced(&mut self, base: &mut Base, now: Instant, topic: &str, id: Uuid) {
        base.claims.lose(LostReason::TopicReplaced, |claim| {
            *claim.partition().topic == *topic && claim.topic_id() != Some(id)
        });
        if let Some(known) = &base.topics
            && let Some(former) = known.get(topic)
        {
            let mut topics = Topics::clone(known);
            topics.insert(topic, former.clone().id(id));
            base.topics = Some(Arc::new(topics));
        }
        let wanted = self.wanted.iter_mut();
        for (_, known) in wanted.filter(|(at, _)| *at.topic == *topic) {
            *known = Some(id);
        }
        let waits_for_release = self.rejoin.is_some() && !self.options.is_cooperative();
        if matches!(self.phase, Phase::Stable) && !waits_for_release {
            self.reconcile(base, now);
        }
    }

    fn wanted_topics(&self, base: &Base) -> Option<WantedTopics> {
        match (&base.subscription, &self.lead) {
            (Subscription::Regex(_), _) => Some(WantedTopics::All),
            (_, Some(lead)) => {
                let known = base.topics.as_deref();
                let waits = matches!(self.phase, Phase::Leading) && !lead.is_ready(known);
                let settled = matches!(self.phase, Phase::Stable);
                (waits || settled).then(|| WantedTopics::Named(lead.topics.clone()))
            }
            _ => None,
        }
    }

    fn topics_interval(&self) -> Duration {
        self.options.metadata_interval
    }

    fn released(&mut self, base: &mut Base, now: Instant) {
        if base.claims.are_wanted_back() || !self.options.is_cooperative() {
            return;
        }
        if matches!(self.phase, Phase::Stable) {
            self.reconcile(base, now);
        }
        self.join_again(RELEASED);
    }

    fn commit_refused(&mut self, base: &mut Base, now: Instant, code: ErrorCode) {
        self.commit_refused_with(base, now, code);
    }

    fn leave(&self, base: &Base, departure: Departure, reason: &str) -> Leave {
        let is_static = base.instance_id.is_some();
        match departure {
            Departure::Remain => return Leave::Nothing,
            Departure::ByKind if is_static => return Leave::Nothing,
            Departure::ByKind | Departure::Leave => {}
        }
        if self.member_id.is_empty() && !is_static {
            return match base.actions.has(Kind::Join) {
                true => Leave::NotYet,
                false => Leave::Nothing,
            };
        }
        Leave::Send(Task::Leave(LeaveRequest {
            group_id: base.group_id.clone(),
            member_id: self.member_id.clone(),
            instance_id: base.instance_id.clone(),
            reason: Some(reason.to_owned()),
        }))
    }

    fn identity(&self, base: &Base) -> Option<MemberIdentity> {
        let mut identity = MemberIdentity::classic(&self.member_id, self.generation?);
        identity.instance_id.clone_from(&base.instance_id);
        Some(identity)
    }

    fn member_id(&self) -> &str {
        &self.member_id
    }
}
