//! `RetryPolicy`: when to retry, and a loop that does so.

use std::io;
use std::thread;
use std::time::Duration;

use crate::deadline::Deadline;
use crate::error::{Error, RetryMethod};
use crate::retryable::Retryable;
use crate::within::Within;

/// When to retry after an error, and how long to pause first.
///
/// The policy itself is a pure function, [`decide`](Self::decide); [`run`](Self::run) is a loop
/// around it for callers that do not want to write their own.
///
/// ```
/// # use std::time::Duration;
/// # use libkafka_client::RetryPolicy;
/// let policy = RetryPolicy::for_idempotent_calls().longest_pause(Duration::from_secs(5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    first_pause: Duration,
    longest_pause: Duration,
    possibly_written_too: bool,
    tries_until_reached: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(1),
            possibly_written_too: false,
            tries_until_reached: 5,
        }
    }
}

/// What to do before the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// The time to pause.
    pub pause: Duration,
    /// Whether to then look up the leader, coordinator or controller again.
    pub refresh: bool,
}

impl RetryPolicy {
    /// A policy that retries only if the previous try certainly had no effect.
    pub fn new() -> Self {
        Self::default()
    }

    /// A policy that retries even if the previous try may have taken effect.
    pub fn for_idempotent_calls() -> Self {
        Self {
            possibly_written_too: true,
            ..Self::default()
        }
    }

    /// Sets the pause before the second try. It doubles with every try. Default: 100 ms.
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// Sets the longest pause. Default: 1 s.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause;
        self
    }

    /// Sets whether to retry even if the previous try may have taken effect
    /// ([`Error::possibly_written`]). That is right for reading and for an idempotent producer;
    /// anything else may be done twice. Default: false.
    pub fn possibly_written_too(mut self, too: bool) -> Self {
        self.possibly_written_too = too;
        self
    }

    /// Sets how often to try a cluster that has never answered this client and refuses or closes
    /// connections: the address or the security settings may be wrong, in which case waiting does
    /// not help. Set `u32::MAX` to wait for a cluster that is being started. Default: 5.
    pub fn tries_until_reached(mut self, tries: u32) -> Self {
        self.tries_until_reached = tries;
        self
    }

    /// What to do about an error of a call that has been tried `times` times and has `remaining`
    /// time left; `None` to give up.
    pub fn decide(&self, error: &Error, times: u32, remaining: Duration) -> Option<Retry> {
        if error.possibly_written() && !self.possibly_written_too {
            return None;
        }
        if is_unreached(error) && times >= self.tries_until_reached {
            return None;
        }
        let refresh = match error.retry_method() {
            RetryMethod::GiveUp => return None,
            RetryMethod::Retry => false,
            RetryMethod::Refresh => true,
        };
        let pause = self.pause(times);
        (pause < remaining).then_some(Retry { pause, refresh })
    }

    /// The pause after this many failures in a row.
    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(30);
        let pause = self.first_pause.saturating_mul(1 << doublings);
        pause.min(self.longest_pause)
    }

    /// Makes a call until it succeeds, the policy gives up or `time` is over, in this thread.
    ///
    /// `time` limits the pauses and every call that `call` makes on the caller, whatever the
    /// timeout of those calls.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Error, PartitionFetcher, RetryPolicy};
    /// # fn run(fetcher: &mut PartitionFetcher) -> Result<(), Error> {
    /// let policy = RetryPolicy::for_idempotent_calls();
    /// let fetched = policy.run(Duration::from_secs(60), fetcher, |fetcher| fetcher.fetch())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The last error of the call.
    pub fn run<C: Retryable, T>(
        &self,
        time: Duration,
        caller: &mut C,
        mut call: impl FnMut(&mut C) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let deadline = Deadline::after(time);
        let mut caller = Within::by(caller, deadline);
        let mut times = 0;
        loop {
            let error = match call(&mut caller) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            times += 1;
            let Some(retry) = self.decide(&error, times, deadline.remaining()) else {
                return Err(error);
            };
            thread::sleep(retry.pause);
            if retry.refresh {
                // Without success the call goes where it went before, and shows why it cannot.
                let _ = caller.refresh();
            }
        }
    }
}

/// Whether a cluster that never answered refused or closed the connection.
fn is_unreached(error: &Error) -> bool {
    match error {
        Error::Closed { at } => !at.reached_before,
        Error::Io { at, source } => {
            !at.reached_before && source.kind() == io::ErrorKind::ConnectionRefused
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(100);

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let error = Error::UnknownBroker { id: 1 };
        let pauses: Vec<_> = [1, 2, 3, 4, 5, 100, u32::MAX]
            .map(|times| policy.decide(&error, times, LONG).unwrap().pause)
            .iter()
            .map(Duration::as_millis)
            .collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1000, 1000, 1000]);
        assert!(policy.decide(&error, 1, LONG).unwrap().refresh);
    }

    #[test]
    fn no_pause_goes_beyond_the_time_that_is_left() {
        let policy = RetryPolicy::default();
        let error = Error::UnknownBroker { id: 1 };
        let left = Duration::from_millis(100);
        assert_eq!(policy.decide(&error, 1, left), None);
    }

    #[test]
    fn what_fails_for_good_is_not_tried_again() {
        let error = Error::NotIdempotent;
        assert_eq!(RetryPolicy::default().decide(&error, 1, LONG), None);
    }
}
