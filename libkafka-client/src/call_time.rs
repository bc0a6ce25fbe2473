//! `CallTime`: limits on the duration of calls.

use std::time::Duration;

use crate::deadline::Deadline;

/// Limits on the calls of a client, in addition to [`Config::timeout`](crate::Config::timeout).
///
/// [`Within`](crate::Within) and [`RetryPolicy::run`](crate::RetryPolicy::run) set it and restore
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CallTime {
    /// Overrides [`Config::timeout`](crate::Config::timeout) if set. Default: none.
    pub timeout: Option<Duration>,
    /// Ends every call, however much time it would have otherwise. Default: none.
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
