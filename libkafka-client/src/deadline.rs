//! `Deadline`: the point in time by which a call must be over.

use crate::wire_value::to_millis;
use std::io;
use std::time::{Duration, Instant};

/// Replaces durations that the clock cannot represent: thirty years.
const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);

/// The point in time by which a call must be over, whatever it is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The point in time `duration` from now.
    pub fn after(duration: Duration) -> Self {
        Self::from(Instant::now(), duration)
    }

    /// The point in time `duration` after `now`.
    pub(crate) fn from(now: Instant, duration: Duration) -> Self {
        Self(now.checked_add(duration).unwrap_or(now + FAR))
    }

    /// The current time. It has always passed by the time it is checked, so a call with this
    /// deadline does what it can without waiting.
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// A deadline at this point in time.
    pub fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// The point in time itself.
    pub fn instant(self) -> Instant {
        self.0
    }

    /// The remaining time; zero once the deadline has passed.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// The remaining time.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] if there is none.
    pub(crate) fn left(self) -> io::Result<Duration> {
        match self.remaining() {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }

    /// Whether the deadline has passed.
    pub fn is_past(self) -> bool {
        self.remaining().is_zero()
    }

    /// The end of the first of `n` equal parts of the remaining time, so that a silent broker
    /// leaves time for the others.
    pub(crate) fn share(self, n: usize) -> Self {
        let n = u32::try_from(n).unwrap_or(u32::MAX).max(1);
        Self::after(self.remaining() / n)
    }

    /// The time limit to give to a broker, in milliseconds: a little less than the remaining time,
    /// so that its answer that the time is over arrives before the deadline.
    pub(crate) fn for_broker(self) -> i32 {
        let remaining = self.remaining();
        to_millis(remaining - remaining / 8)
    }

    /// This deadline or the one `duration` from now, whichever is earlier.
    pub(crate) fn at_most(self, duration: Duration) -> Self {
        self.min(Self::after(duration))
    }
}
