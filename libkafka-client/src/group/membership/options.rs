//! `ClassicOptions`, `ConsumerOptions` and `LeaveOptions`: how a member participates.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::super::assignor::Assignor;

/// How a member participates in a classic group.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClassicOptions {
    /// Assignors that the member can use, in order of preference. If all are cooperative, the
    /// member keeps its partitions through a rebalance and gives up only those that move (KIP-429);
    /// with any other among them it gives up all of them first. Default: none, which the
    /// coordinator refuses.
    pub assignors: Vec<Arc<dyn Assignor>>,
    /// Time without a heartbeat after which the coordinator removes the member. Default: 45 s.
    pub session_timeout: Duration,
    /// Time that each member has in a rebalance to give up its partitions and join again. Default:
    /// 5 minutes.
    pub rebalance_timeout: Duration,
    /// Time between heartbeats; a third of the session timeout or less. Default: 3 s.
    pub heartbeat_interval: Duration,
    /// Longest time between two calls of [`polled`](super::Membership::polled). After that, the
    /// member loses its partitions and leaves until it is called again. `None` means no limit.
    /// Default: 5 minutes.
    pub max_poll_interval: Option<Duration>,
    /// The `group.instance.id`, which makes this a static member: it keeps its partitions over a
    /// restart that takes less than the session timeout (KIP-345). Default: none.
    pub instance_id: Option<String>,
    /// The rack that the member reads from, for assignors that consider racks (KIP-881). Default:
    /// none.
    pub rack: Option<String>,
    /// Time limit of a request whose answer the coordinator does not hold back. Default: 10 s.
    pub request_timeout: Duration,
    /// How often the leader, and a member that subscribes by a regex, looks for new topics and
    /// partitions. Default: 5 minutes.
    pub metadata_interval: Duration,
}

/// How a member participates in a group of the consumer protocol (KIP-848).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConsumerOptions {
    /// The name of the assignor for the coordinator to use, such as `uniform` or `range`. Default:
    /// none, which leaves the choice to the coordinator.
    pub assignor: Option<String>,
    /// Time that the member has for giving up partitions. Default: 5 minutes.
    pub rebalance_timeout: Duration,
    /// Time without a heartbeat after which the coordinator removes the member. Set it to what the
    /// broker is configured with (`group.consumer.session.timeout.ms`), which the protocol does not
    /// convey. If three times the heartbeat interval is more, that is used. Default: 45 s, like the
    /// broker's default.
    pub session_timeout: Duration,
    /// Longest time between two calls of [`polled`](super::Membership::polled). After that, the
    /// member loses its partitions and leaves until it is called again. `None` means no limit.
    /// Default: 5 minutes.
    pub max_poll_interval: Option<Duration>,
    /// The `group.instance.id`, which makes this a static member: it keeps its partitions over a
    /// restart that takes less than the session timeout (KIP-345). Default: none.
    pub instance_id: Option<String>,
    /// The rack that the member reads from. Default: none.
    pub rack: Option<String>,
    /// Time limit of a request. Default: 10 s.
    pub request_timeout: Duration,
    /// How to participate in a classic group instead, if the broker turns out not to support the
    /// consumer protocol when the member joins for the first time. None of the other options
    /// applies from then on. Default: none, with which the membership ends with
    /// [`StopReason::Unsupported`](super::StopReason::Unsupported).
    pub fallback: Option<ClassicOptions>,
}

/// How to leave a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaveOptions {
    /// The reason, for the coordinator's log (KIP-800). Default: "the member is closed".
    pub reason: String,
    /// Time that the coordinator has to answer. After that the member is gone all the same, and the
    /// coordinator has to wait for its session timeout. Default: 10 s.
    pub within: Duration,
    /// What happens to its place in the group. Default: [`Departure::ByKind`].
    pub departure: Departure,
}

/// What happens to the place in the group of a member that leaves (KIP-1092).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Departure {
    /// A static member's place is kept for its session timeout; a dynamic member's partitions go to
    /// the rest of the group at once.
    #[default]
    ByKind,
    /// The rest of the group gets its partitions at once.
    Leave,
    /// Its place is kept for the session timeout.
    Remain,
}

impl Default for ClassicOptions {
    fn default() -> Self {
        Self {
            assignors: Vec::new(),
            session_timeout: Duration::from_secs(45),
            rebalance_timeout: Duration::from_secs(300),
            heartbeat_interval: Duration::from_secs(3),
            max_poll_interval: Some(Duration::from_secs(300)),
            instance_id: None,
            rack: None,
            request_timeout: Duration::from_secs(10),
            metadata_interval: Duration::from_secs(300),
        }
    }
}

impl Default for ConsumerOptions {
    fn default() -> Self {
        Self {
            assignor: None,
            rebalance_timeout: Duration::from_secs(300),
            session_timeout: Duration::from_secs(45),
            max_poll_interval: Some(Duration::from_secs(300)),
            instance_id: None,
            rack: None,
            request_timeout: Duration::from_secs(10),
            fallback: None,
        }
    }
}

impl Default for LeaveOptions {
    fn default() -> Self {
        Self {
            reason: "the member is closed".to_owned(),
            within: Duration::from_secs(10),
            departure: Departure::ByKind,
        }
    }
}

/// Setters that both kinds of options have.
macro_rules! setters {
    ($options:ident) => {
        impl $options {
            /// Sets [`rebalance_timeout`](Self::rebalance_timeout).
            #[must_use]
            pub fn rebalance_timeout(mut self, timeout: Duration) -> Self {
                self.rebalance_timeout = timeout;
                self
            }

            /// Sets [`session_timeout`](Self::session_timeout).
            #[must_use]
            pub fn session_timeout(mut self, timeout: Duration) -> Self {
                self.session_timeout = timeout;
                self
            }

            /// Sets [`max_poll_interval`](Self::max_poll_interval).
            #[must_use]
            pub fn max_poll_interval(mut self, interval: Option<Duration>) -> Self {
                self.max_poll_interval = interval;
                self
            }

            /// Sets [`instance_id`](Self::instance_id).
            #[must_use]
            pub fn instance_id(mut self, id: impl Into<String>) -> Self {
                self.instance_id = Some(id.into());
                self
            }

            /// Sets [`rack`](Self::rack).
            #[must_use]
            pub fn rack(mut self, rack: impl Into<String>) -> Self {
                self.rack = Some(rack.into());
                self
            }

            /// Sets [`request_timeout`](Self::request_timeout).
            #[must_use]
            pub fn request_timeout(mut self, timeout: Duration) -> Self {
                self.request_timeout = timeout;
                self
            }
        }
    };
}

setters!(ClassicOptions);
setters!(ConsumerOptions);

impl ClassicOptions {
    /// Adds an assignor, with less preference than those added before it.
    #[must_use]
    pub fn assignor(mut self, assignor: impl Assignor + 'static) -> Self {
        self.assignors.push(Arc::new(assignor));
        self
    }

    /// Sets [`heartbeat_interval`](Self::heartbeat_interval).
    #[must_use]
    pub fn heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// Sets [`metadata_interval`](Self::metadata_interval).
    #[must_use]
    pub fn metadata_interval(mut self, interval: Duration) -> Self {
        self.metadata_interval = interval;
        self
    }

    /// Whether members keep their partitions through a rebalance.
    pub(super) fn is_cooperative(&self) -> bool {
        !self.assignors.is_empty() && self.assignors.iter().all(|assignor| assignor.cooperative())
    }
}

impl ConsumerOptions {
    /// Sets [`assignor`](Self::assignor).
    #[must_use]
    pub fn assignor(mut self, name: impl Into<String>) -> Self {
        self.assignor = Some(name.into());
        self
    }

    /// Sets [`fallback`](Self::fallback).
    #[must_use]
    pub fn fallback(mut self, options: ClassicOptions) -> Self {
        self.fallback = Some(options);
        self
    }
}

impl LeaveOptions {
    /// Sets [`reason`](Self::reason).
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Sets [`within`](Self::within).
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Sets [`departure`](Self::departure).
    #[must_use]
    pub fn departure(mut self, departure: Departure) -> Self {
        self.departure = departure;
        self
    }
}

impl fmt::Debug for ClassicOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let assignors: Vec<&str> = self.assignors.iter().map(|a| a.name()).collect();
        f.debug_struct("ClassicOptions")
            .field("assignors", &assignors)
            .field("session_timeout", &self.session_timeout)
            .field("rebalance_timeout", &self.rebalance_timeout)
            .field("heartbeat_interval", &self.heartbeat_interval)
            .field("max_poll_interval", &self.max_poll_interval)
            .field("instance_id", &self.instance_id)
            .field("rack", &self.rack)
            .finish_non_exhaustive()
    }
}
