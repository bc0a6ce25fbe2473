//! `AssignTask`: the assignment that the leader of a classic group must compute.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use libkafka_protocol::KafkaWire;
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};

use super::topics::Topics;
use crate::group::assignor::{
    Assignor, GroupSubscription, Racks, Subscription, assignment_to_wire,
};

/// The assignment that the leader of a classic group must compute.
pub struct AssignTask {
    pub(super) assignor: Arc<dyn Assignor>,
    pub(super) topics: Arc<Topics>,
    pub(super) members: Arc<[GroupMember]>,
}

/// A member of a classic group, as its leader sees it.
#[derive(Debug)]
pub(super) struct GroupMember {
    pub(super) member_id: String,
    pub(super) instance_id: Option<String>,
    pub(super) subscription: ConsumerProtocolSubscription,
}

/// A computed assignment.
#[derive(Debug, Clone)]
pub struct Assigned(pub(super) Vec<SyncGroupRequestAssignment>);

impl AssignTask {
    /// Computes the assignment, in the calling thread.
    pub fn run(&self) -> Assigned {
        let members = self.members.iter().map(|member| {
            let subscription = Subscription {
                instance_id: member.instance_id.as_deref(),
                ..Subscription::from_wire(&member.subscription)
            };
            (member.member_id.as_str(), subscription)
        });
        let members: BTreeMap<_, _> = members.collect();
        let subscribed = members.values().flat_map(|member| &member.topics);
        let topics = subscribed.filter_map(|name| {
            let topic = self.topics.get(name)?;
            let racks = topic.racks.iter();
            let racks = racks.map(|racks| racks.iter().map(String::as_str).collect::<Racks<'_>>());
            Some((*name, racks.collect()))
        });
        let group = GroupSubscription {
            topics: topics.collect(),
            members,
        };
        let mut plan = self.assignor.assign(&group);
        let assigned = group.members.keys().map(|member| {
            let partitions = plan.remove(member).unwrap_or_default();
            let assignment = assignment_to_wire(&partitions);
            SyncGroupRequestAssignment {
                member_id: (*member).to_owned(),
                // The version exists, and names of topics fit since they came over the wire.
                assignment: assignment
                    .to_bytes(ConsumerProtocolAssignment::VERSIONS.max)
                    .unwrap_or_default(),
                ..Default::default()
            }
        });
        Assigned(assigned.collect())
    }
}

impl fmt::Debug for AssignTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssignTask")
            .field("assignor", &self.assignor.name())
            .field("members", &self.members)
            .finish_non_exhaustive()
    }
}
