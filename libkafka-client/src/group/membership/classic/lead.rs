//! `Lead`: what the leader of a group knows about it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libkafka_protocol::messages::ConsumerProtocolSubscription;
use libkafka_protocol::messages::join_group::JoinGroupResponseMember;

use super::super::assign_task::{AssignTask, GroupMember};
use super::super::topics::Topics;
use crate::group::assignor::Assignor;

/// What the leader of a group knows about it.
#[derive(Debug)]
pub(crate) struct Lead {
    members: Arc<[GroupMember]>,
    /// The topics that any member reads.
    pub(super) topics: BTreeSet<String>,
    /// The number of partitions of each topic when they were last assigned; `None` before that.
    assigned: Option<BTreeMap<String, usize>>,
    /// Whether topics were requested since the members joined.
    pub(super) topics_asked: bool,
}

impl Lead {
    pub(super) fn new(members: Vec<JoinGroupResponseMember>) -> Self {
        let member = |member: JoinGroupResponseMember| GroupMember {
            // What cannot be read is nothing, so that one member does not stop the others.
            subscription: ConsumerProtocolSubscription::from_bytes(&member.metadata)
                .unwrap_or_default(),
            member_id: member.member_id,
            instance_id: member.group_instance_id,
        };
        let members: Arc<[GroupMember]> = members.into_iter().map(member).collect();
        let topics = members
            .iter()
            .flat_map(|member| &member.subscription.topics);
        Self {
            topics: topics.cloned().collect(),
            members,
            assigned: None,
            topics_asked: false,
        }
    }

    /// Whether all topics are known or have been requested.
    pub(super) fn is_ready(&self, known: Option<&Topics>) -> bool {
        self.topics_asked || known.is_some_and(|known| self.missing(known).next().is_none())
    }

    /// The topics that are not known.
    pub(super) fn missing<'a>(&'a self, known: &'a Topics) -> impl Iterator<Item = &'a String> {
        self.topics
            .iter()
            .filter(|topic| known.get(topic).is_none())
    }

    /// The assignment to compute, with what is now known of topics.
    pub(super) fn task(&mut self, known: &Arc<Topics>, assignor: Arc<dyn Assignor>) -> AssignTask {
        self.note(known);
        AssignTask {
            assignor,
            topics: Arc::clone(known),
            members: Arc::clone(&self.members),
        }
    }

    /// Records what is now known of topics as the state that was assigned.
    pub(super) fn note(&mut self, known: &Topics) {
        self.assigned = Some(self.counts(known));
    }

    /// Whether the partitions must be assigned again.
    pub(super) fn is_outdated(&self, known: &Topics) -> bool {
        let assigned = self.assigned.as_ref();
        assigned.is_some_and(|assigned| *assigned != self.counts(known))
    }

    fn counts(&self, known: &Topics) -> BTreeMap<String, usize> {
        let known = self.topics.iter().filter_map(|name| {
            let topic = known.get(name)?;
            Some((name.clone(), topic.racks.len()))
        });
        known.collect()
    }
}
