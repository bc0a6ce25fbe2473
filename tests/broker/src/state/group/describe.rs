//! Descriptions of groups, for clients outside of them.

use libkafka_protocol::{ErrorCode, Uuid};

use super::classic::Classic;
use super::consumer::Consumer;
use super::embedded;
use super::group::{Group, Members};
use super::member::Identity;
use crate::clock::Time;

/// The size of the description of a member in memory, besides its names and bytes.
const MEMBER: usize = 256;
/// The size of the description of a partition with its topic in memory.
const PARTITION: usize = 128;

impl Group {
    /// The protocol type of its members; empty if it never had one.
    pub(crate) fn protocol_type(&self) -> &str {
        match &self.members {
            Members::Classic(group) => group.protocol_type.as_deref().unwrap_or_default(),
            Members::Consumer(_) => embedded::CONSUMER,
        }
    }

    /// Kafka's name for its state.
    pub(crate) fn state_name(&self) -> &'static str {
        match &self.members {
            Members::Classic(group) => group.phase.name(),
            Members::Consumer(group) => group.state_name(),
        }
    }

    /// Kafka's name for its type (KIP-848).
    pub(crate) fn type_name(&self) -> &'static str {
        match self.members {
            Members::Classic(_) => "classic",
            Members::Consumer(_) => "consumer",
        }
    }

    /// The group as a classic one, if it is one.
    pub(crate) fn classic(&self) -> Option<&Classic> {
        match &self.members {
            Members::Classic(group) => Some(group),
            Members::Consumer(_) => None,
        }
    }

    /// The group as one of KIP-848, if it is one.
    pub(crate) fn consumer(&self) -> Option<&Consumer> {
        match &self.members {
            Members::Classic(_) => None,
            Members::Consumer(group) => Some(group),
        }
    }

    /// Whether this member may commit offsets in this generation.
    pub(crate) fn check_commit(
        &mut self,
        who: Identity<'_>,
        epoch: i32,
        transactional: bool,
        now: Time,
    ) -> Result<(), ErrorCode> {
        match &mut self.members {
            Members::Classic(group) => group.check_commit(who, epoch, transactional, now),
            Members::Consumer(group) => {
                let who = (!transactional || !who.is_nobody(epoch)).then_some(who.member_id);
                who.map_or(Ok(()), |id| group.check_commit(id, epoch))
            }
        }
    }

    /// Whether it may commit the offset of this partition. A member that reports a former epoch
    /// may, if it already had the partition then (KIP-1251).
    pub(crate) fn check_commit_of(
        &self,
        partition: (Uuid, i32),
        who: Identity<'_>,
        epoch: i32,
    ) -> Result<(), ErrorCode> {
        let found = self.consumer().and_then(|group| {
            let index = group.by_id(who.member_id)?;
            Some(&group.members[index])
        });
        found.map_or(Ok(()), |member| member.check_commit_of(partition, epoch))
    }

    /// Whether it is a member that uses the protocol of KIP-848.
    pub(crate) fn has_epochs(&self, who: Identity<'_>) -> bool {
        let members = self.consumer().map(|group| group.members.iter());
        let mut members = members.into_iter().flatten();
        members.any(|member| member.id == who.member_id && member.classic.is_none())
    }

    /// Whether this member may fetch offsets in this epoch.
    pub(crate) fn check_fetch(&self, member: &str, epoch: i32) -> Result<(), ErrorCode> {
        match &self.members {
            Members::Consumer(group) if epoch >= 0 || !member.is_empty() => {
                group.check_epoch(member, epoch)
            }
            _ => Ok(()),
        }
    }

    /// Whether any member reads this topic. Members that do not say what they read might read any.
    pub(crate) fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.members {
            Members::Classic(group) => group.members.iter().any(|member| {
                let said = embedded::subscription(&group.metadata_of(member));
                said.is_none_or(|said| said.topics.iter().any(|t| t == topic))
            }),
            Members::Consumer(group) => group.members.iter().any(|member| member.reads(topic)),
        }
    }
}

impl Classic {
    /// The approximate size of the description of all members in memory.
    pub(crate) fn described_size(&self) -> usize {
        let members = self.members.iter().map(|member| {
            let metadata = self.metadata_of(member).len() + member.assignment.len();
            let names = member.id.len() + member.client_id.len() + member.client_host.len();
            MEMBER + metadata + names
        });
        members.sum()
    }
}

impl Consumer {
    /// The approximate size of the description of all members in memory.
    pub(crate) fn described_size(&self) -> usize {
        let members = self.members.iter().map(|member| {
            let partitions = member.held().len() + member.target.len();
            let names = member
                .names
                .iter()
                .map(|name| name.len() + size_of::<String>());
            let names = names.sum::<usize>() + member.id.len() + member.client_id.len();
            // Of each partition the topic, if all are of different ones.
            2 * MEMBER + names + partitions * PARTITION
        });
        members.sum()
    }
}
