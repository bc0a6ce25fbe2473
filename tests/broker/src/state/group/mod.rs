//! Groups and the offsets that they commit.

mod assignor;
mod classic;
mod consumer;
mod describe;
mod expiry;
mod member;
mod offsets;

use std::collections::HashMap;

use libkafka_protocol::ErrorCode;

pub(crate) use self::assignor::{ASSIGNORS, elected};
pub(crate) use self::classic::{Classic, Join, JoinRefused, Joined, Phase, Sync, Synced};
pub(crate) use self::consumer::{Beat, Consumer, ConsumerMember, LEAVES_FOR_NOW, Partitions};
pub(crate) use self::member::{Identity, Member};
pub(crate) use self::offsets::{Committed, Offsets};

use crate::clock::Time;

/// A group.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) members: Classic,
    /// In place of those, the members of a group of KIP-848.
    pub(crate) consumer: Option<Consumer>,
    pub(crate) offsets: Offsets,
}

/// The answers that members wait for, each under the number of its request.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    last: u64,
    /// There are answers that nobody has been woken for.
    new: bool,
    joins: HashMap<u64, Result<Joined, ErrorCode>>,
    syncs: HashMap<u64, Result<Synced, ErrorCode>>,
}

impl Replies {
    /// A number for a request.
    pub(crate) fn ticket(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Have any answers come since this was asked last?
    pub(crate) fn are_new(&mut self) -> bool {
        std::mem::take(&mut self.new)
    }

    pub(crate) fn take_join(&mut self, ticket: u64) -> Option<Result<Joined, ErrorCode>> {
        self.joins.remove(&ticket)
    }

    pub(crate) fn take_sync(&mut self, ticket: u64) -> Option<Result<Synced, ErrorCode>> {
        self.syncs.remove(&ticket)
    }

    fn join(&mut self, ticket: Option<u64>, answer: impl FnOnce() -> Result<Joined, ErrorCode>) {
        if let Some(ticket) = ticket {
            self.new = true;
            self.joins.insert(ticket, answer());
        }
    }

    fn sync(&mut self, ticket: Option<u64>, answer: impl FnOnce() -> Result<Synced, ErrorCode>) {
        if let Some(ticket) = ticket {
            self.new = true;
            self.syncs.insert(ticket, answer());
        }
    }
}

impl Group {
    /// The ids of its members, in the order in which they came.
    pub(crate) fn member_ids(&self) -> Vec<String> {
        if let Some(consumer) = &self.consumer {
            let members = consumer.members.iter();
            return members.map(|member| member.id.clone()).collect();
        }
        let members = self.members.members.iter();
        members.map(|member| member.id.clone()).collect()
    }

    /// As a group of KIP-848, which one without members becomes when somebody `joins` it so.
    pub(crate) fn as_consumer(&mut self, joins: bool) -> Result<&mut Consumer, ErrorCode> {
        if self.consumer.is_none() && !(joins && self.members.phase == Phase::Empty) {
            return Err(ErrorCode::GROUP_ID_NOT_FOUND);
        }
        Ok(self.consumer.get_or_insert_default())
    }

    /// As a classic group, which one without members becomes.
    pub(crate) fn as_classic(&mut self) -> Result<&mut Classic, ErrorCode> {
        if self.consumer.take_if(|c| c.members.is_empty()).is_some() || self.consumer.is_none() {
            Ok(&mut self.members)
        } else {
            Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL)
        }
    }

    /// Takes a member out; false if there is no such one.
    pub(crate) fn remove(&mut self, id: &str, now: Time, replies: &mut Replies) -> bool {
        if let Some(consumer) = &mut self.consumer {
            let found = consumer.by_id(id);
            found.into_iter().for_each(|index| consumer.remove(index));
            return found.is_some();
        }
        let mut members = self.members.members.iter();
        let Some(index) = members.position(|member| member.id == id) else {
            return false;
        };
        self.members.remove(index, now, replies);
        true
    }

    /// Does what is due by `now`, and says when the next thing is.
    pub(crate) fn expire(&mut self, now: Time, replies: &mut Replies) -> Option<Time> {
        match &mut self.consumer {
            Some(consumer) => consumer.expire(now),
            None => self.members.expire(now, replies),
        }
    }
}
