//! [`Rules`]: what the clients of a history were meant to do.

use std::time::Duration;

/// What the clients of a history were meant to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// Producers are idempotent, so no record is in the log twice. Default: true.
    pub idempotent: bool,
    /// The records of a producer and key are in the log in the order in which they were sent: the
    /// producers are idempotent or have one request in flight. Default: true.
    pub ordered: bool,
    /// Where the group starts in partitions without a committed offset. Default: at the beginning.
    pub start: Start,
    /// How long the coordinator waits before it takes a silent member's partitions. Default: 45 s.
    pub session_timeout: Duration,
    /// Members commit what they have handled before they give partitions up: no record is handled
    /// twice but after a claim that was lost or ended by a crash. Default: false.
    pub exactly_once: bool,
    /// How long a fetch waits for records. Default: 500 ms.
    pub max_wait: Duration,
}

/// Where a group starts in partitions without a committed offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// At the first record.
    Earliest,
    /// Anywhere: at the end, or by a timestamp.
    Elsewhere,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            idempotent: true,
            ordered: true,
            start: Start::Earliest,
            session_timeout: Duration::from_secs(45),
            exactly_once: false,
            max_wait: Duration::from_millis(500),
        }
    }
}

impl Rules {
    /// Whether no record may be in the log twice.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Whether the records of a producer and key must be in order.
    #[must_use]
    pub fn ordered(mut self, ordered: bool) -> Self {
        self.ordered = ordered;
        self
    }

    /// Where the group starts without a committed offset.
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// The session timeout of the group.
    #[must_use]
    pub fn session_timeout(mut self, timeout: Duration) -> Self {
        self.session_timeout = timeout;
        self
    }

    /// Whether no record may be handled twice but after a claim that was lost or crashed.
    #[must_use]
    pub fn exactly_once(mut self, exactly_once: bool) -> Self {
        self.exactly_once = exactly_once;
        self
    }

    /// How long a fetch waits.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// In microseconds, the longest that a partition may stand still.
    pub(crate) fn patience(&self) -> u64 {
        2 * micros(self.session_timeout + self.max_wait)
    }

    /// In microseconds, the session timeout.
    pub(crate) fn session(&self) -> u64 {
        micros(self.session_timeout)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
