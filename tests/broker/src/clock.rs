//! [`Clock`]: the broker's time, which runs by itself; a test can move it forward or stop it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in the broker's time: the time since its start.
pub(crate) type Time = Duration;

/// The broker's clock, used for session timeouts, transaction timeouts and timestamps.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    /// When it was started, in milliseconds since 1970.
    epoch_ms: i64,
    advanced: Duration,
    frozen_at: Option<Time>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            started: Instant::now(),
            epoch_ms: i64::try_from(epoch.as_millis()).unwrap_or(i64::MAX),
            advanced: Duration::ZERO,
            frozen_at: None,
        }
    }

    /// The current time.
    pub(crate) fn now(&self) -> Time {
        self.frozen_at.unwrap_or_else(|| self.flowing()) + self.advanced
    }

    /// Like [`now`](Self::now), but also runs while the clock is frozen: for what a client asked to
    /// wait for.
    pub(crate) fn running(&self) -> Time {
        self.flowing() + self.advanced
    }

    /// Milliseconds since 1970.
    pub(crate) fn wall_ms(&self) -> i64 {
        let now = i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX);
        self.epoch_ms.saturating_add(now)
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.advanced += by;
    }

    pub(crate) fn freeze(&mut self) {
        let now = self.flowing();
        self.frozen_at.get_or_insert(now);
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    fn flowing(&self) -> Time {
        self.started.elapsed()
    }
}
