//! `later`: a point in time after another.

use std::time::{Duration, Instant};

/// A duration that the clock can always represent: thirty years.
const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);

/// The point in time this much later; thirty years later if the clock cannot represent that.
pub(super) fn later(time: Instant, by: Duration) -> Instant {
    time.checked_add(by).unwrap_or(time + FAR)
}

/// The earlier of two times, either of which may be absent.
pub(super) fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}
