//! Heartbeats: when they are due, and what they contain.

use std::time::Instant;

use libkafka_protocol::messages::ConsumerGroupHeartbeatRequest;
use libkafka_protocol::messages::consumer_group_heartbeat::request::TopicPartitions;

use super::super::actions::Kind;
use super::super::base::{Base, Next};
use super::super::step::Task;
use super::super::subscription::Subscription;
use super::member::{Consumer, Partitions};
use crate::wire_value::to_millis;

impl Consumer {
    pub(super) fn next_task(&mut self, base: &mut Base, now: Instant) -> Next {
        if base.actions.has(Kind::Heartbeat) {
            return Next::At(None);
        }
        let at_once = self.epoch == 0 || self.has_resubscribed || self.must_acknowledge(base);
        let due = if at_once { None } else { base.liveness.due() };
        match due.max(base.backoff.until()) {
            Some(due) if due > now => Next::At(Some(due)),
            _ => {
                base.liveness.sent(now);
                let request = self.heartbeat(base);
                Next::Do(Task::ConsumerHeartbeat(request), base.request_timeout)
            }
        }
    }

    /// Whether the coordinator has to hear what the member owns by now.
    fn must_acknowledge(&mut self, base: &Base) -> bool {
        let changes = base.claims.changes();
        if self.settled == Some(changes) || base.claims.are_wanted_back() {
            return false;
        }
        let is_acknowledged = self.acknowledged.as_ref() == Some(&Self::owned(base));
        self.settled = is_acknowledged.then_some(changes);
        !is_acknowledged
    }

    fn heartbeat(&mut self, base: &Base) -> ConsumerGroupHeartbeatRequest {
        let owned = Self::owned(base);
        let all = self.says_all;
        let mut request = ConsumerGroupHeartbeatRequest {
            group_id: base.group_id.clone(),
            member_id: self.member_id.clone(),
            member_epoch: self.epoch,
            instance_id: base.instance_id.clone(),
            ..Default::default()
        };
        if all {
            request.rack_id.clone_from(&self.options.rack);
            request.server_assignor.clone_from(&self.options.assignor);
            request.rebalance_timeout_ms = to_millis(self.options.rebalance_timeout);
        }
        if all || self.has_resubscribed {
            match &base.subscription {
                Subscription::Topics(topics) => {
                    request.subscribed_topic_names = Some(topics.iter().cloned().collect());
                    // Empty takes back what was said before.
                    request.subscribed_topic_regex = self.has_said_regex.then(String::new);
                }
                Subscription::Regex(regex) => {
                    request.subscribed_topic_names = Some(Vec::new());
                    request.subscribed_topic_regex = Some(regex.as_str().to_owned());
                    self.has_said_regex = true;
                }
            }
        }
        // Who owns nothing says so each time: were an answer lost that gave it something, the
        // coordinator would be sure that it has it.
        let keeps_still =
            base.claims.are_wanted_back() || self.acknowledged.as_ref() == Some(&owned);
        if all || !keeps_still || owned.is_empty() {
            request.topic_partitions = Some(by_topic(&owned));
            self.acknowledging = Some(owned);
        } else {
            self.acknowledging = None;
        }
        self.has_asked_to_join |= self.epoch == 0;
        self.has_resubscribed = false;
        self.says_all = false;
        request
    }
}

fn by_topic(partitions: &Partitions) -> Vec<TopicPartitions> {
    let topics = partitions.iter().map(|(id, partitions)| TopicPartitions {
        topic_id: *id,
        partitions: partitions.iter().copied().collect(),
        ..Default::default()
    });
    topics.collect()
}
