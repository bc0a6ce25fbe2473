//! Groups and the offsets that they commit.

mod classic;
mod describe;
mod expiry;
mod member;
mod offsets;

use std::collections::HashMap;

use libkafka_protocol::ErrorCode;

pub(crate) use self::classic::{Classic, Join, JoinRefused, Joined, Phase, Sync, Synced};
pub(crate) use self::member::{Identity, Member};
pub(crate) use self::offsets::{Committed, Offsets};

use crate::clock::Time;

/// A group.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) members: Classic,
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
        let members = self.members.members.iter();
        members.map(|member| member.id.clone()).collect()
    }

    /// Takes a member out; false if there is no such one.
    pub(crate) fn remove(&mut self, id: &str, now: Time, replies: &mut Replies) -> bool {
        let mut members = self.members.members.iter();
        let Some(index) = members.position(|member| member.id == id) else {
            return false;
        };
        self.members.remove(index, now, replies);
        true
    }

    /// Does what is due by `now`, and says when the next thing is.
    pub(crate) fn expire(&mut self, now: Time, replies: &mut Replies) -> Option<Time> {
        self.members.expire(now, replies)
    }
}
