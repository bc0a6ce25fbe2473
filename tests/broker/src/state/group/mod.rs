//! Groups and the offsets that they commit.

mod assignor;
mod classic;
mod classic_in_consumer;
mod consumer;
mod consumer_member;
mod describe;
mod embedded;
mod expiry;
mod member;
mod migration;
mod offsets;
mod replies;

use std::collections::BTreeMap;
use std::time::Duration;

use libkafka_protocol::ErrorCode;

pub(crate) use self::assignor::{ASSIGNORS, elected};
pub(crate) use self::classic::{Classic, Join, JoinRefused, Joined, Phase, Sync, Synced};
pub(crate) use self::consumer::{Consumer, Partitions};
pub(crate) use self::consumer_member::{Beat, ClassicSide, ConsumerMember, LEAVES_FOR_NOW};
pub(crate) use self::member::{Identity, Member};
pub(crate) use self::migration::Migration;
pub(crate) use self::offsets::{Committed, Offsets};
pub(crate) use self::replies::Replies;

use super::Topic;
use crate::clock::Time;

/// The topics of the cluster, by name.
pub(crate) type Topics = BTreeMap<String, Topic>;

/// A group.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) members: Members,
    pub(crate) offsets: Offsets,
}

/// The members of a group, by the protocol that it goes by.
#[derive(Debug)]
pub(crate) enum Members {
    /// They divide the work among themselves.
    Classic(Classic),
    /// The broker does (KIP-848).
    Consumer(Consumer),
}

/// What a group has to know of the cluster around it.
pub(crate) struct Around<'a> {
    pub(crate) topics: &'a Topics,
    pub(crate) migration: Migration,
    /// How long it leaves what it has settled alone (KIP-1263).
    pub(crate) assignment_interval: Duration,
    pub(crate) replies: &'a mut Replies,
    pub(crate) now: Time,
}

impl Default for Members {
    fn default() -> Self {
        Self::Classic(Classic::default())
    }
}

impl Group {
    /// The ids of its members, in the order in which they came.
    pub(crate) fn member_ids(&self) -> Vec<String> {
        match &self.members {
            Members::Classic(group) => group.members.iter().map(|m| m.id.clone()).collect(),
            Members::Consumer(group) => group.members.iter().map(|m| m.id.clone()).collect(),
        }
    }

    /// Takes a ConsumerGroupHeartbeat of a member that stays.
    pub(crate) fn beat(
        &mut self,
        beat: &Beat<'_>,
        around: &mut Around<'_>,
    ) -> Result<(i32, Option<Partitions>), ErrorCode> {
        if beat.joins {
            self.upgrade(around)?;
        }
        self.as_consumer()?.heartbeat(beat, around)
    }

    /// Takes a member out that leaves by a ConsumerGroupHeartbeat, for good or for now.
    pub(crate) fn leave(
        &mut self,
        who: Identity<'_>,
        for_now: bool,
        around: &mut Around<'_>,
    ) -> Result<(), ErrorCode> {
        let consumer = self.as_consumer()?;
        let index = consumer.find_leaving(who)?;
        if for_now {
            consumer.members[index].leave_for_now();
        } else {
            self.fence(&[index], around);
        }
        Ok(())
    }

    /// Takes a JoinGroup; the answer comes under `ticket`.
    pub(crate) fn join(
        &mut self,
        join: Join<'_>,
        ticket: u64,
        around: &mut Around<'_>,
    ) -> Result<(), JoinRefused> {
        match &mut self.members {
            Members::Consumer(group) if !group.members.is_empty() => {
                let joined = self.join_consumer(&join, around)?;
                around.replies.join(Some(ticket), || Ok(joined));
                Ok(())
            }
            Members::Classic(group) => group.join(join, ticket, around.now, around.replies),
            // Without members, it goes by the protocol of who joins first.
            Members::Consumer(_) if join.who.member_id.is_empty() => {
                let mut group = Classic::default();
                let joined = group.join(join, ticket, around.now, around.replies);
                self.members = Members::Classic(group);
                joined
            }
            Members::Consumer(_) => Err(ErrorCode::UNKNOWN_MEMBER_ID.into()),
        }
    }

    /// Takes a SyncGroup; the answer comes under `ticket`.
    pub(crate) fn sync(
        &mut self,
        sync: &Sync<'_>,
        ticket: u64,
        around: &mut Around<'_>,
    ) -> Result<(), ErrorCode> {
        match &mut self.members {
            Members::Classic(group) => group.sync(sync, ticket, around.now, around.replies),
            Members::Consumer(group) => {
                let synced = group.sync(sync, around.topics, around.now)?;
                around.replies.sync(Some(ticket), || Ok(synced));
                Ok(())
            }
        }
    }

    /// Takes a Heartbeat.
    pub(crate) fn heartbeat(
        &mut self,
        who: Identity<'_>,
        generation: i32,
        now: Time,
    ) -> Result<(), ErrorCode> {
        match &mut self.members {
            Members::Classic(group) => group.heartbeat(who, generation, now),
            Members::Consumer(group) => group.classic_heartbeat(who, generation, now),
        }
    }

    /// Takes those out who leave by one LeaveGroup.
    pub(crate) fn leave_all(
        &mut self,
        who: &[Identity<'_>],
        around: &mut Around<'_>,
    ) -> Vec<Result<(), ErrorCode>> {
        match &mut self.members {
            Members::Classic(group) => {
                let who = who.iter();
                who.map(|who| group.leave(*who, around.now, around.replies))
                    .collect()
            }
            Members::Consumer(group) => {
                let found = who.iter().map(|who| group.find_leaving(*who));
                let found: Vec<Result<usize, ErrorCode>> = found.collect();
                let leaving: Vec<usize> = found.iter().flatten().copied().collect();
                self.fence(&leaving, around);
                found.into_iter().map(|found| found.map(drop)).collect()
            }
        }
    }

    /// Takes a member out; false if there is no such one.
    pub(crate) fn remove(&mut self, id: &str, around: &mut Around<'_>) -> bool {
        match &mut self.members {
            Members::Classic(group) => {
                let found = group.members.iter().position(|member| member.id == id);
                if let Some(index) = found {
                    group.remove(index, around.now, around.replies);
                }
                found.is_some()
            }
            Members::Consumer(group) => {
                let found = group.by_id(id);
                self.fence(found.as_slice(), around);
                found.is_some()
            }
        }
    }

    /// Does what is due by now, and says when the next thing is.
    pub(crate) fn expire(&mut self, around: &mut Around<'_>) -> Option<Time> {
        while let Members::Consumer(group) = &self.members {
            match group.members.iter().position(|m| m.ends() <= around.now) {
                Some(late) => self.fence(&[late], around),
                None => return group.members.iter().map(ConsumerMember::ends).min(),
            }
        }
        match &mut self.members {
            Members::Classic(group) => group.expire(around.now, around.replies),
            Members::Consumer(_) => None,
        }
    }

    fn as_consumer(&mut self) -> Result<&mut Consumer, ErrorCode> {
        match &mut self.members {
            Members::Consumer(group) => Ok(group),
            Members::Classic(_) => Err(ErrorCode::GROUP_ID_NOT_FOUND),
        }
    }
}
