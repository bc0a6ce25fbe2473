//! `ConsumerSource`: where a consumer gets its partitions from.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::MetadataRequest;

use crate::cluster::Topology;
use crate::group::SharedMember;
use crate::group::membership::{
    Assignment, Claims, Event, LostReason, MemberIdentity, Membership, Subscription,
};
use crate::topic_partition::TopicPartition;

/// Where a [`Consumer`](crate::Consumer) gets its partitions from.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConsumerSource {
    /// From a group, of which it is a member.
    Group(Box<Membership>),
    /// All partitions of these topics, including those that are added later; no group assigns them.
    Topics(Subscription),
    /// These partitions.
    Partitions(Vec<TopicPartition>),
}

impl From<Membership> for ConsumerSource {
    fn from(membership: Membership) -> Self {
        Self::Group(Box::new(membership))
    }
}

impl From<Subscription> for ConsumerSource {
    fn from(subscription: Subscription) -> Self {
        Self::Topics(subscription)
    }
}

impl From<Vec<TopicPartition>> for ConsumerSource {
    fn from(partitions: Vec<TopicPartition>) -> Self {
        Self::Partitions(partitions)
    }
}

/// A source at work.
pub(super) enum Source {
    Group(SharedMember),
    Chosen(Chosen),
}

/// Partitions that no group assigns.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    subscription: Option<Subscription>,
    wanted: Assignment,
    claims: Claims,
}

impl Source {
    /// The identity with which to commit and to request offsets; an error if that has to wait.
    pub(super) fn identity(&self) -> Result<Option<MemberIdentity>, NotAMember> {
        match self {
            Self::Group(member) => {
                let identity = member.lock().membership().identity();
                identity.map(Some).ok_or(NotAMember)
            }
            Self::Chosen(_) => Ok(None),
        }
    }

    /// What should be read, as far as it is known without a request.
    pub(super) fn subscription(&self) -> Option<Subscription> {
        match self {
            Self::Group(member) => Some(member.lock().membership().subscription().clone()),
            Self::Chosen(chosen) => chosen.subscription.clone(),
        }
    }
}

/// The coordinator would refuse any request of the member now.
pub(super) struct NotAMember;

impl Chosen {
    pub(super) fn partitions(partitions: Vec<TopicPartition>) -> Self {
        // One name for all partitions of a topic: names that are the same one compare fast.
        let mut topics = BTreeSet::<Arc<str>>::new();
        let wanted = partitions.into_iter().map(|at| {
            if let Some(topic) = topics.get(&at.topic) {
                return (TopicPartition::new(Arc::clone(topic), at.partition), None);
            }
            topics.insert(Arc::clone(&at.topic));
            (at, None)
        });
        let mut chosen = Self {
            wanted: wanted.collect(),
            ..Self::default()
        };
        chosen.claim();
        chosen
    }

    pub(super) fn topics(subscription: Subscription) -> Self {
        Self {
            subscription: Some(subscription),
            ..Self::default()
        }
    }

    pub(super) fn next_event(&mut self) -> Option<Event> {
        self.claims.next_event()
    }

    /// The request that looks for topics, unless all are known by name.
    pub(super) fn metadata_request(&self) -> Option<MetadataRequest> {
        matches!(self.subscription, Some(Subscription::Regex(_))).then(|| MetadataRequest {
            topics: None,
            allow_auto_topic_creation: false,
            ..Default::default()
        })
    }

    /// Whether all partitions of this topic are wanted.
    pub(super) fn wants(&self, topic: &str) -> bool {
        match &self.subscription {
            Some(Subscription::Topics(names)) => names.contains(topic),
            Some(Subscription::Regex(regex)) => regex.matches(topic),
            None => false,
        }
    }

    /// Claims the partitions of the topics that are wanted.
    pub(super) fn topics_known(&mut self, topology: &Topology) {
        for topic in topology.topics() {
            let Some(metadata) = topology.topic(topic).filter(|_| self.wants(topic)) else {
                continue;
            };
            for partition in metadata.partitions.keys() {
                let at = TopicPartition::new(Arc::clone(topic), *partition);
                self.wanted.entry(at).or_insert(metadata.topic_id);
            }
        }
        self.claim();
    }

    /// Notes that another topic has this name now.
    pub(super) fn topic_replaced(&mut self, topic: &str, id: Uuid) {
        let is_of_topic = |at: &TopicPartition| *at.topic == *topic;
        self.claims.lose(LostReason::TopicReplaced, |claim| {
            is_of_topic(claim.partition())
        });
        match self.subscription {
            // Its partitions are known soon.
            Some(_) => self.wanted.retain(|at, _| !is_of_topic(at)),
            None => {
                let wanted = self.wanted.iter_mut().filter(|(at, _)| is_of_topic(at));
                wanted.for_each(|(_, known)| *known = Some(id));
                self.claim();
            }
        }
    }

    fn claim(&mut self) {
        // Nothing is ever given up, so there is no time for it either.
        self.claims.reconcile(&self.wanted, Instant::now());
    }
}
