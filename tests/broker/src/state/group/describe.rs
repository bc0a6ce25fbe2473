//! What others may know of a group.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::KafkaWire;
use libkafka_protocol::messages::ConsumerProtocolSubscription;

use super::{Classic, Group, Identity};
use crate::clock::Time;

impl Group {
    /// The kind of protocol that its members speak; empty if it never had any.
    pub(crate) fn protocol_type(&self) -> &str {
        match self.consumer {
            Some(_) => "consumer",
            None => self.members.protocol_type.as_deref().unwrap_or_default(),
        }
    }

    /// Kafka's name of its state.
    pub(crate) fn state_name(&self) -> &'static str {
        match &self.consumer {
            Some(consumer) => consumer.state_name(),
            None => self.members.phase.name(),
        }
    }

    /// Kafka's name of its type (KIP-848).
    pub(crate) fn type_name(&self) -> &'static str {
        match self.consumer {
            Some(_) => "consumer",
            None => "classic",
        }
    }

    /// The classic group that it is, if it is one.
    pub(crate) fn classic(&self) -> Option<&Classic> {
        self.consumer.is_none().then_some(&self.members)
    }

    /// May this member commit offsets in this generation?
    pub(crate) fn check_commit(
        &mut self,
        who: Identity<'_>,
        epoch: i32,
        transactional: bool,
        now: Time,
    ) -> Result<(), ErrorCode> {
        if let Some(consumer) = &self.consumer {
            return match epoch < 0 && consumer.members.is_empty() {
                true => Ok(()),
                false => consumer.check_epoch(who.member_id, epoch),
            };
        }
        self.members.check_commit(who, epoch, transactional, now)
    }

    /// May this member fetch offsets in this epoch?
    pub(crate) fn check_fetch(&self, member: &str, epoch: i32) -> Result<(), ErrorCode> {
        match &self.consumer {
            Some(consumer) if epoch >= 0 || !member.is_empty() => {
                consumer.check_epoch(member, epoch)
            }
            _ => Ok(()),
        }
    }

    /// Does any member read this topic? Of members that do not say what they read, all might.
    pub(crate) fn is_subscribed_to(&self, topic: &str) -> bool {
        if let Some(consumer) = &self.consumer {
            return consumer.members.iter().any(|member| member.reads(topic));
        }
        self.members.members.iter().any(|member| {
            let metadata = self.members.metadata_of(member);
            let Some((version, rest)) = metadata.split_first_chunk::<2>() else {
                return true;
            };
            let version = i16::from_be_bytes(*version);
            let last = ConsumerProtocolSubscription::VERSIONS.max;
            let said = ConsumerProtocolSubscription::decode(version.min(last), rest);
            said.map_or(true, |(said, _)| said.topics.iter().any(|t| t == topic))
        })
    }
}
