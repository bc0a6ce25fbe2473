//! `LeaderHint`: the leader that a produce or fetch response names.

use crate::broker::Broker;

/// The leader that a broker named in a response, instead of itself (KIP-951).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaderHint {
    /// Id of the leader.
    pub leader_id: i32,
    /// Epoch of its leadership.
    pub leader_epoch: i32,
    /// Where it listens, if the response says so.
    pub broker: Option<Broker>,
}
