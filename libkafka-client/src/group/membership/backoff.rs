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
    /// The next try has to wait.
    pub(crate) fn failed(&mut self, now: Instant) {
        let doublings = self.failures.min(8);
        self.failures = self.failures.saturating_add(1);
        self.until = Some(now + FIRST.saturating_mul(1 << doublings).min(LONGEST));
    }

    /// The next try can be made at once, but if it fails like this too, the one after it has to
    /// wait: for errors that another request cures.
    pub(crate) fn failed_curably(&mut self, now: Instant) {
        if self.failures == 0 {
            self.failures = 1;
        } else {
            self.failed(now);
        }
    }

    /// A try succeeded.
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// When the next try can be made, if not at once.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.until
    }

    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until <= now)
    }
}
