//! `LeaderHint`: the leader that a produce or fetch response names.

use crate::address::Address;
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

impl LeaderHint {
    /// What a response says of the leader, whose nodes are each an id, host, port and rack; none if
    /// it names no leader.
    pub(crate) fn new<'a>(
        leader_id: i32,
        leader_epoch: i32,
        nodes: impl IntoIterator<Item = (i32, &'a str, i32, &'a Option<String>)>,
    ) -> Option<Self> {
        if leader_id < 0 || leader_epoch < 0 {
            return None;
        }
        let mut nodes = nodes.into_iter();
        let node = nodes.find(|(id, ..)| *id == leader_id);
        let broker = node.and_then(|(_, host, port, rack)| {
            Some(Broker {
                id: Some(leader_id),
                address: Address::advertised(host, port)?,
                rack: rack.clone(),
            })
        });
        Some(Self {
            leader_id,
            leader_epoch,
            broker,
        })
    }
}
