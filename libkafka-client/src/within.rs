//! `Within`: overrides a timeout for as long as the value lives.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use crate::call_time::CallTime;
use crate::deadline::Deadline;
use crate::retryable::Retryable;

/// A client, producer, fetcher or group whose calls have a different timeout from the configured
/// one, for as long as this value lives.
///
/// Returned by the `within` method of each.
///
/// ```no_run
/// # use std::time::Duration;
/// # use libkafka_client::{Client, Config};
/// # let mut client = Client::new(Config::new("localhost:9092"))?;
/// // For one call:
/// client.within(Duration::from_secs(1)).all_metadata()?;
/// // For several, each of which has a second:
/// let mut hasty = client.within(Duration::from_secs(1));
/// hasty.all_metadata()?;
/// hasty.leader("payments", 0)?;
/// # Ok::<(), libkafka_client::Error>(())
/// ```
#[must_use = "the timeout holds for calls on this value only"]
pub struct Within<'a, T: Retryable> {
    caller: &'a mut T,
    before: CallTime,
}

impl<'a, T: Retryable> Within<'a, T> {
    /// Overrides the timeout of calls on `caller`.
    pub fn new(caller: &'a mut T, timeout: Duration) -> Self {
        let time = caller.call_time();
        let before = *time;
        time.timeout = Some(timeout);
        Self { caller, before }
    }

    /// Ends all calls on `caller` by `deadline`, or by an earlier deadline that is already in
    /// force.
    pub(crate) fn by(caller: &'a mut T, deadline: Deadline) -> Self {
        let time = caller.call_time();
        let before = *time;
        time.deadline = Some(before.deadline.map_or(deadline, |held| held.min(deadline)));
        Self { caller, before }
    }
}

impl<T: Retryable> Deref for Within<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.caller
    }
}

impl<T: Retryable> DerefMut for Within<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.caller
    }
}

impl<T: Retryable> Drop for Within<'_, T> {
    fn drop(&mut self) {
        *self.caller.call_time() = self.before;
    }
}

impl<T: Retryable + fmt::Debug> fmt::Debug for Within<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Within").field(&self.caller).finish()
    }
}
