//! `Liveness`: when the next heartbeat is due, and when the member counts as dead.

use std::time::{Duration, Instant};

use super::later::later;
use super::options::{ClassicOptions, ConsumerOptions};

/// The clocks of a member: heartbeats, the coordinator's session, and the owner's polls.
#[derive(Debug)]
pub(super) struct Liveness {
    pub(super) interval: Duration,
    session_timeout: Duration,
    max_poll_interval: Option<Duration>,
    /// When the next heartbeat is due; `None` while the coordinator does not know the member.
    due: Option<Instant>,
    /// When the last request was sent that the coordinator is known to have received.
    heard: Option<Instant>,
    polled: Option<Instant>,
}

/// The heartbeat interval of KIP-848 until the coordinator has sent one.
const FIRST_INTERVAL: Duration = Duration::from_secs(5);

impl Liveness {
    pub(super) fn of_classic(options: &ClassicOptions) -> Self {
        let (session, polls) = (options.session_timeout, options.max_poll_interval);
        Self::new(options.heartbeat_interval, session, polls)
    }

    pub(super) fn of_consumer(options: &ConsumerOptions) -> Self {
        let (session, polls) = (options.session_timeout, options.max_poll_interval);
        Self::new(FIRST_INTERVAL, session, polls)
    }

    fn new(
        interval: Duration,
        session_timeout: Duration,
        max_poll_interval: Option<Duration>,
    ) -> Self {
        Self {
            interval,
            session_timeout,
            max_poll_interval,
            due: None,
            heard: None,
            polled: None,
        }
    }

    /// Notes that the coordinator has received a request sent at `sent`.
    pub(super) fn heard(&mut self, sent: Instant) {
        self.heard = self.heard.max(Some(sent));
    }

    /// Notes that the coordinator no longer knows the member, or not as it was.
    pub(super) fn end_session(&mut self) {
        self.heard = None;
        self.due = None;
    }

    /// Notes that a heartbeat, or something that counts as one, has been sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.due = Some(later(now, self.interval));
    }

    /// Makes the next heartbeat due at this time or earlier.
    pub(super) fn due_by(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// When the last request was sent that the coordinator is known to have received.
    pub(super) fn last_heard(&self) -> Option<Instant> {
        self.heard
    }

    /// When the coordinator removes the member unless it hears from it.
    pub(super) fn session_ends(&self) -> Option<Instant> {
        let session = self.session_timeout.max(self.interval.saturating_mul(3));
        Some(later(self.heard?, session))
    }

    pub(super) fn polled(&mut self, now: Instant) {
        self.polled = Some(now);
    }

    /// The deadline for the owner's next poll.
    pub(super) fn poll_ends(&self) -> Option<Instant> {
        Some(later(self.polled?, self.max_poll_interval?))
    }
}
