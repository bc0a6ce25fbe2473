//! `GroupOptions` and `OffsetsOptions`: how to participate in a group, and how to request its
//! offsets.

use std::time::Duration;

/// How a [`Group`](crate::Group) participates: a plain value, given when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct GroupOptions {
    pub(crate) protocol_type: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) session_timeout: Duration,
    pub(crate) rebalance_timeout: Duration,
}

impl Default for GroupOptions {
    fn default() -> Self {
        Self {
            protocol_type: "consumer".to_owned(),
            instance_id: None,
            session_timeout: Duration::from_secs(45),
            rebalance_timeout: Duration::from_secs(300),
        }
    }
}

impl GroupOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the kind of group. Default: `consumer`.
    pub fn protocol_type(mut self, protocol_type: impl Into<String>) -> Self {
        self.protocol_type = protocol_type.into();
        self
    }

    /// Makes it a static member with this `group.instance.id`, which keeps its place over a restart
    /// (KIP-345). Default: a dynamic member.
    pub fn instance_id(mut self, id: impl Into<String>) -> Self {
        self.instance_id = Some(id.into());
        self
    }

    /// Sets the time without a heartbeat after which the coordinator removes the member. Default:
    /// 45 s.
    pub fn session_timeout(mut self, timeout: Duration) -> Self {
        self.session_timeout = timeout;
        self
    }

    /// Sets the time that members have to join again in a rebalance. It is added to the timeout of
    /// [`join`](crate::Group::join) and [`sync`](crate::Group::sync). Default: 5 minutes.
    pub fn rebalance_timeout(mut self, timeout: Duration) -> Self {
        self.rebalance_timeout = timeout;
        self
    }
}

/// How to request committed offsets: a plain value, given when [`Offsets`](crate::Offsets) is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct OffsetsOptions {
    pub(crate) require_stable: bool,
}

impl OffsetsOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether the coordinator refuses to return the offset of a partition for which a
    /// transaction has a pending one, with
    /// [`UNSTABLE_OFFSET_COMMIT`](crate::protocol::ErrorCode::UNSTABLE_OFFSET_COMMIT), rather than
    /// returning the previous one (KIP-447; ignored by brokers before 2.5). Default: false.
    pub fn require_stable(mut self, require: bool) -> Self {
        self.require_stable = require;
        self
    }
}
