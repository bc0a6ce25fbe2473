//! [`Replies`]: the answers that members wait for.

use std::collections::{HashMap, HashSet};

use libkafka_protocol::ErrorCode;

use super::join::Joined;
use super::sync::Synced;

/// The answers that members wait for, each under the number of its request.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    last: u64,
    /// Whether there are answers for which no thread has been woken.
    new: bool,
    /// The numbers of the waiting requests.
    waiting: HashSet<u64>,
    joins: HashMap<u64, Result<Joined, ErrorCode>>,
    syncs: HashMap<u64, Result<Synced, ErrorCode>>,
}

impl Replies {
    /// A number for a request.
    pub(crate) fn ticket(&mut self) -> u64 {
        self.last += 1;
        self.waiting.insert(self.last);
        self.last
    }

    /// The number of requests that are waiting for an answer.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Notes that nothing waits for the answer any more.
    pub(crate) fn abandon(&mut self, ticket: u64) {
        self.waiting.remove(&ticket);
        self.joins.remove(&ticket);
        self.syncs.remove(&ticket);
    }

    /// Whether any answers have been added since this was last called.
    pub(crate) fn are_new(&mut self) -> bool {
        std::mem::take(&mut self.new)
    }

    pub(crate) fn take_join(&mut self, ticket: u64) -> Option<Result<Joined, ErrorCode>> {
        self.joins.remove(&ticket)
    }

    pub(crate) fn take_sync(&mut self, ticket: u64) -> Option<Result<Synced, ErrorCode>> {
        self.syncs.remove(&ticket)
    }

    pub(super) fn join(
        &mut self,
        ticket: Option<u64>,
        answer: impl FnOnce() -> Result<Joined, ErrorCode>,
    ) {
        if let Some(ticket) = ticket.filter(|ticket| self.waiting.remove(ticket)) {
            self.new = true;
            self.joins.insert(ticket, answer());
        }
    }

    pub(super) fn sync(
        &mut self,
        ticket: Option<u64>,
        answer: impl FnOnce() -> Result<Synced, ErrorCode>,
    ) {
        if let Some(ticket) = ticket.filter(|ticket| self.waiting.remove(ticket)) {
            self.new = true;
            self.syncs.insert(ticket, answer());
        }
    }
}
