//! [`Group`]: a group, and how it handles each request.

use libkafka_protocol::ErrorCode;

use super::classic::Classic;
use super::consumer::Consumer;
use super::consumer_member::{ConsumerMember, MemberHeartbeat};
use super::context::GroupContext;
use super::join::{Join, JoinRefused};
use super::member::Identity;
use super::offsets::Offsets;
use super::partitions::Partitions;
use super::sync::Sync;
use crate::clock::Time;

/// A group.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) members: Members,
    pub(crate) offsets: Offsets,
}

/// The members of a group, by the protocol that it uses.
#[derive(Debug)]
pub(crate) enum Members {
    /// The members divide the work among themselves.
    Classic(Classic),
    /// The broker assigns it (KIP-848).
    Consumer(Consumer),
}

impl Default for Members {
    fn default() -> Self {
        Self::Classic(Classic::default())
    }
}

impl Group {
    /// The ids of its members, in the order in which they joined.
    pub(crate) fn member_ids(&self) -> Vec<String> {
        match &self.members {
            Members::Classic(group) => group.members.iter().map(|m| m.id.clone()).collect(),
            Members::Consumer(group) => group.members.iter().map(|m| m.id.clone()).collect(),
        }
    }

    /// Handles a ConsumerGroupHeartbeat of a member that stays.
    pub(crate) fn consumer_heartbeat(
        &mut self,
        heartbeat: &MemberHeartbeat<'_>,
        context: &mut GroupContext<'_>,
    ) -> Result<(i32, Option<Partitions>), ErrorCode> {
        if heartbeat.joins {
            self.upgrade(context)?;
        }
        self.as_consumer()?.heartbeat(heartbeat, context)
    }

    /// Removes a member that leaves with a ConsumerGroupHeartbeat, for good or temporarily.
    pub(crate) fn leave(
        &mut self,
        who: Identity<'_>,
        for_now: bool,
        context: &mut GroupContext<'_>,
    ) -> Result<(), ErrorCode> {
        let consumer = self.as_consumer()?;
        let index = consumer.find_leaving(who)?;
        if for_now {
            consumer.members[index].leave_for_now();
        } else {
            self.fence(&[index], context);
        }
        Ok(())
    }

    /// Handles a JoinGroup, whose answer has the number `ticket`.
    pub(crate) fn join(
        &mut self,
        join: Join<'_>,
        ticket: u64,
        context: &mut GroupContext<'_>,
    ) -> Result<(), JoinRefused> {
        match &mut self.members {
            Members::Consumer(group) if !group.members.is_empty() => {
                let joined = self.join_consumer(&join, context);
                // Kafka does not repeat the id in its refusal here.
                let joined = joined.map_err(|refused| JoinRefused {
                    member_id: Some(refused.member_id.unwrap_or_default()),
                    ..refused
                })?;
                context.replies.join(Some(ticket), || Ok(joined));
                Ok(())
            }
            Members::Classic(group) => group.join(join, ticket, context.now, context.replies),
            // Without members, it goes by the protocol of who joins first.
            Members::Consumer(_) if join.who.member_id.is_empty() => {
                let mut group = Classic::default();
                let joined = group.join(join, ticket, context.now, context.replies);
                self.members = Members::Classic(group);
                joined
            }
            Members::Consumer(_) => Err(ErrorCode::UNKNOWN_MEMBER_ID.into()),
        }
    }

    /// Handles a SyncGroup, whose answer has the number `ticket`.
    pub(crate) fn sync(
        &mut self,
        sync: &Sync<'_>,
        ticket: u64,
        context: &mut GroupContext<'_>,
    ) -> Result<(), ErrorCode> {
        match &mut self.members {
            Members::Classic(group) => group.sync(sync, ticket, context.now, context.replies),
            Members::Consumer(group) => {
                let synced = group.sync(sync, context.topics, context.now)?;
                context.replies.sync(Some(ticket), || Ok(synced));
                Ok(())
            }
        }
    }

    /// Handles a Heartbeat.
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

    /// Removes the members that leave with one LeaveGroup.
    pub(crate) fn leave_all(
        &mut self,
        who: &[Identity<'_>],
        context: &mut GroupContext<'_>,
    ) -> Vec<Result<(), ErrorCode>> {
        match &mut self.members {
            Members::Classic(group) => {
                let who = who.iter();
                who.map(|who| group.leave(*who, context.now, context.replies))
                    .collect()
            }
            Members::Consumer(group) => {
                let found = who.iter().map(|who| group.find_leaving(*who));
                let found: Vec<Result<usize, ErrorCode>> = found.collect();
                let leaving: Vec<usize> = found.iter().flatten().copied().collect();
                self.fence(&leaving, context);
                found.into_iter().map(|found| found.map(drop)).collect()
            }
        }
    }

    /// Removes a member. Returns false if it does not exist.
    pub(crate) fn remove(&mut self, id: &str, context: &mut GroupContext<'_>) -> bool {
        match &mut self.members {
            Members::Classic(group) => {
                let found = group.members.iter().position(|member| member.id == id);
                if let Some(index) = found {
                    group.remove(index, context.now, context.replies);
                }
                found.is_some()
            }
            Members::Consumer(group) => {
                let found = group.by_id(id);
                self.fence(found.as_slice(), context);
                found.is_some()
            }
        }
    }

    /// Does what is due by now, and returns when the next thing is due.
    pub(crate) fn expire(&mut self, context: &mut GroupContext<'_>) -> Option<Time> {
        while let Members::Consumer(group) = &self.members {
            match group.members.iter().position(|m| m.ends() <= context.now) {
                Some(late) => self.fence(&[late], context),
                None => return group.members.iter().map(ConsumerMember::ends).min(),
            }
        }
        match &mut self.members {
            Members::Classic(group) => group.expire(context.now, context.replies),
            Members::Consumer(_) => None,
        }
    }

    pub(super) fn as_consumer(&mut self) -> Result<&mut Consumer, ErrorCode> {
        match &mut self.members {
            Members::Consumer(group) => Ok(group),
            Members::Classic(_) => Err(ErrorCode::GROUP_ID_NOT_FOUND),
        }
    }
}
