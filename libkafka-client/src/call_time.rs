//! `CallTime`: how long calls may take, and `Within`, which changes that for a while.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use crate::deadline::Deadline;
use crate::retry::Retryable;

/// Limits on the calls of a client, beside [`Config::timeout`](crate::Config::timeout).
///
/// [`Within`] and [`RetryPolicy::run`](crate::RetryPolicy::run) set it, and set it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CallTime {
    /// Overrides [`Config::timeout`](crate::Config::timeout) if set. Default: none.
    pub timeout: Option<Duration>,
    /// Ends every call, whatever time it would have otherwise. Default: none.
    pub deadline: Option<Deadline>,
}

impl CallTime {
    /// The deadline of a call that begins now, has `timeout` by default, and asks the broker to
    /// wait for `wait`.
    pub(crate) fn begin(self, timeout: Duration, wait: Duration) -> Deadline {
        let timeout = self.timeout.unwrap_or(timeout);
        let own = Deadline::after(timeout.saturating_add(wait));
        self.deadline.map_or(own, |deadline| deadline.min(own))
    }
}

/// A client, producer, fetcher or group whose calls have another timeout than the configuration
/// says, for as long as this value lives.
///
/// The `within` of each of them returns it.
///
/// ```no_run
/// # use std::time::Duration;
/// # use libkafka_client::{Client, Config};
/// # let mut client = Client::new(Config::new("localhost:9092"))?;
/// // For one call:
/// client.within(Duration::from_secs(1)).metadata(None)?;
/// // For several, each of which has a second:
/// let mut hasty = client.within(Duration::from_secs(1));
/// hasty.metadata(None)?;
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

    /// Ends all calls on `caller` by `deadline`, and by any that held before.
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
