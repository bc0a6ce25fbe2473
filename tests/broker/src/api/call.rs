//! [`Call`]: a request while the broker handles it.

use std::cell::Cell;
use std::sync::{MutexGuard, PoisonError};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::RequestHeader;

use super::message::message;
use crate::clock::Time;
use crate::fault::Strikes;
use crate::peer::Peer;
use crate::shared::{Locked, Shared};
use crate::state::Replies;

/// The result of a request. Without a response, none is sent.
pub(crate) type Answer<R> = Result<Option<R>, Hangup>;

/// The connection must be closed without an answer, or has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hangup {
    /// The API is not served, or not in that version.
    NotServed,
    /// The client closed it.
    ClientLeft,
    /// The broker closes it for another reason.
    ByBroker,
}

/// A request while the broker handles it.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) header: &'a RequestHeader,
    pub(crate) version: i16,
    pub(crate) peer: &'a mut Peer,
    /// The effects of faults on it.
    pub(crate) strikes: Strikes,
    /// Whether to close the connection after the answer has been sent.
    pub(crate) hang_up_after: bool,
    /// While this exists, no other large response is built.
    pub(crate) building: Option<MutexGuard<'a, ()>>,
    /// The size of the response in memory, as far as it has been [counted](Self::grow).
    pub(crate) response_size: Cell<usize>,
}

/// How often to check whether a client is still there while the broker waits for it.
const LOOK_EVERY: Time = Time::from_millis(500);

/// The maximum size of a response in memory, without the records of Fetch.
const MAX_RESPONSE: usize = 100 * 1024 * 1024;

impl<'a> Call<'a> {
    /// The state of the cluster, locked.
    pub(crate) fn lock(&self) -> Locked<'a> {
        self.shared.lock()
    }

    /// The node that received the request.
    pub(crate) fn node(&self) -> i32 {
        self.peer.node
    }

    /// Waits for a change of the state, at most until `deadline`.
    ///
    /// # Errors
    /// If the node has been stopped, or the client has left.
    pub(crate) fn wait(
        &self,
        state: &mut Locked<'_>,
        deadline: Option<Time>,
    ) -> Result<(), Hangup> {
        let look = self.peer.looked.get() + LOOK_EVERY;
        state.wait(Some(deadline.map_or(look, |deadline| deadline.min(look))));
        if !state.is_alive(self.peer.node, self.peer.incarnation) {
            return Err(Hangup::ByBroker);
        }
        let now = state.clock.running();
        if now >= look {
            self.peer.looked.set(now);
            if self.peer.is_gone() {
                return Err(Hangup::ClientLeft);
            }
        }
        Ok(())
    }
}

impl Call<'_> {
    /// Counts the size of a part of the response in memory, before it is built.
    ///
    /// # Errors
    /// If the response gets too large: a few bytes of a request can name the same large thing
    /// thousands of times.
    pub(crate) fn grow(&self, bytes: usize) -> Result<(), Hangup> {
        let size = self.response_size.get().saturating_add(bytes);
        self.response_size.set(size);
        if size > MAX_RESPONSE {
            log::debug!("a response would take more than {MAX_RESPONSE} bytes");
            return Err(Hangup::ByBroker);
        }
        Ok(())
    }

    /// Refuses a topic to which a fault applies as a whole.
    ///
    /// # Errors
    /// The error code of the fault, with its description.
    pub(crate) fn check_topic(&self, topic: &str) -> Result<(), (ErrorCode, String)> {
        self.strikes.error(topic, None).map_or(Ok(()), |code| {
            Err((code, message(code).unwrap_or_default()))
        })
    }

    /// Waits until no other large response is being built, and makes others wait. Must not be
    /// called with the state locked.
    pub(crate) fn build_alone(&mut self) {
        // The closures of a fault may well ask the broker for the same.
        if !self.strikes.alters() {
            let building = self.shared.building.lock();
            self.building = Some(building.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Waits for the answer with this number, which a group gives when it is ready.
    ///
    /// # Errors
    /// The errors of [`wait`](Self::wait).
    pub(crate) fn wait_for<T>(
        &self,
        state: &mut Locked<'_>,
        ticket: u64,
        take: impl Fn(&mut Replies, u64) -> Option<T>,
    ) -> Result<T, Hangup> {
        state.mark_changed();
        loop {
            if let Some(answer) = take(&mut state.replies, ticket) {
                return Ok(answer);
            }
            if let Err(hangup) = self.wait(state, None) {
                state.replies.abandon(ticket);
                return Err(hangup);
            }
        }
    }
}
