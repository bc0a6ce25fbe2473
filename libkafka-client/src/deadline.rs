//! `Deadline`: the point in time by which a call is over.

use crate::wire_value::to_millis;
use std::io;
use std::time::{Duration, Instant};

/// Stands for durations that the clock cannot count: thirty years.
const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);

/// The point in time by which a call has to be over, whatever it is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The point that is `duration` from now.
    pub fn after(duration: Duration) -> Self {
        let now = Instant::now();
        Self(now.checked_add(duration).unwrap_or(now + FAR))
    }

    /// This moment, which is past as soon as it is looked at: what is asked to be over by it does
    /// what can be done without waiting.
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// This point in time.
    pub fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// The point in time itself.
    pub fn instant(self) -> Instant {
        self.0
    }

    /// What is left; zero once it is past.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// What is left.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] if nothing is.
    pub(crate) fn left(self) -> io::Result<Duration> {
        match self.remaining() {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }

    /// Is nothing left?
    pub fn is_past(self) -> bool {
        self.remaining().is_zero()
    }

    /// The first of `n` equal parts of what is left, so that one broker that is silent leaves
    /// time for the others.
    pub(crate) fn share(self, n: usize) -> Self {
        let n = u32::try_from(n).unwrap_or(u32::MAX).max(1);
        Self::after(self.remaining() / n)
    }

    /// The milliseconds that a broker is told to take at most: a little less than what is left,
    /// so that its answer that they are over comes in time.
    pub(crate) fn for_broker(self) -> i32 {
        let remaining = self.remaining();
        to_millis(remaining - remaining / 8)
    }

    /// This one or the one after `duration`, whichever is sooner.
    pub(crate) fn at_most(self, duration: Duration) -> Self {
        self.min(Self::after(duration))
    }
}
