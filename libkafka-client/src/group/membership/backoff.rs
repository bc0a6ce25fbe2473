//! `Backoff`: pauses between tries.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(1);

/// Pauses between tries: 100 ms, doubling up to 1 s, until one succeeds.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Option<Instant>,
}

impl Backoff {
    /// Notes a failure: the next try must wait.
    pub(crate) fn failed(&mut self, now: Instant) {
        let doublings = self.failures.min(8);
        self.failures = self.failures.saturating_add(1);
        self.until = Some(now + FIRST.saturating_mul(1 << doublings).min(LONGEST));
    }

    /// Notes a failure that another request fixes: the next try can be made at once, but if that
    /// fails in the same way, the one after it must wait.
    pub(crate) fn failed_curably(&mut self, now: Instant) {
        if self.failures == 0 {
            self.failures = 1;
        } else {
            self.failed(now);
        }
    }

    /// Notes a success.
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// When the next try can be made; `None` for at once.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.until
    }

    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until <= now)
    }
}
