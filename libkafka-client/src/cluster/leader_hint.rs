//! `LeaderHint`: the leader that a Produce or Fetch response names.

use crate::address::Address;
use crate::broker::Broker;

/// The leader that a broker named in a response because it does not lead itself (KIP-951).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeaderHint {
    /// The id of the leader.
    pub leader_id: i32,
    /// The leader epoch.
    pub leader_epoch: i32,
    /// The broker's address, if the response includes it.
    pub broker: Option<Broker>,
}

impl LeaderHint {
    /// The leader according to a response, whose nodes are each an id, host, port and rack; `None`
    /// if it names no leader.
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
