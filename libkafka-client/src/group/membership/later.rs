//! `later`: a point in time some time after another.

use std::time::{Duration, Instant};

/// What the clock can always count: thirty years.
const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);

/// The point in time so long after another; thirty years after it if the clock cannot count that.
pub(super) fn later(time: Instant, by: Duration) -> Instant {
    time.checked_add(by).unwrap_or(time + FAR)
}

/// The earlier of two times, of which either may never come.
pub(super) fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}
