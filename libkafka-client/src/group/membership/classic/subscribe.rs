//! `Classic`: the subscription that a member joins with.

use libkafka_protocol::KafkaWire;
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::{ConsumerProtocolSubscription, JoinGroupRequest};

use super::super::base::Base;
use super::super::subscription::Subscription as Wish;
use super::member::{Classic, PROTOCOL_TYPE};
use crate::group::assignor::Subscription;
use crate::topic_partition::TopicPartition;
use crate::wire_value::to_millis;

impl Classic {
    /// The topics that the member reads, as far as they are known.
    pub(super) fn subscribed_topics(&self, base: &Base) -> Vec<String> {
        match &base.subscription {
            Wish::Topics(topics) => topics.iter().cloned().collect(),
            Wish::Regex(regex) => {
                let known = base.topics.iter().flat_map(|topics| topics.iter());
                let matching = known.filter(|(name, _)| regex.matches(name));
                matching.map(|(name, _)| name.to_string()).collect()
            }
        }
    }

    pub(super) fn join_request(&mut self, base: &Base, reason: Option<&str>) -> JoinGroupRequest {
        self.joined_topics = self.subscribed_topics(base);
        let owned = base.claims.live().map(|claim| names(claim.partition()));
        let owned: Vec<(&str, i32)> = owned.collect();
        let (assigned, generation) = match &self.assigned {
            Some((assigned, generation)) => {
                (assigned.iter().map(names).collect(), Some(*generation))
            }
            None => (Vec::new(), None),
        };
        let cooperative = self.options.is_cooperative();
        let protocols = self.options.assignors.iter().map(|assignor| {
            // An eager member has given all up, but a sticky assignor is to know what it had.
            let had = if cooperative { &owned } else { &assigned };
            let user_data = assignor.user_data(had, generation);
            let subscription = Subscription {
                topics: self.joined_topics.iter().map(String::as_str).collect(),
                user_data: user_data.as_deref(),
                owned_partitions: owned.clone(),
                generation,
                rack: self.options.rack.as_deref(),
                instance_id: None,
            };
            JoinGroupRequestProtocol {
                name: assignor.name().to_owned(),
                // The version exists; a name that does not fit is refused with the request.
                metadata: subscription
                    .to_wire()
                    .to_bytes(ConsumerProtocolSubscription::VERSIONS.max)
                    .unwrap_or_default(),
                ..Default::default()
            }
        });
        JoinGroupRequest {
            protocols: protocols.collect(),
            group_id: base.group_id.clone(),
            session_timeout_ms: to_millis(self.options.session_timeout),
            rebalance_timeout_ms: to_millis(self.options.rebalance_timeout),
            member_id: self.member_id.clone(),
            group_instance_id: base.instance_id.clone(),
            protocol_type: PROTOCOL_TYPE.to_owned(),
            reason: reason.map(str::to_owned),
            ..Default::default()
        }
    }
}

fn names(partition: &TopicPartition) -> (&str, i32) {
    (&partition.topic, partition.partition)
}
