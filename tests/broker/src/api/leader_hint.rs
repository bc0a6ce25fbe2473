//! `leader_hint`: tells a client that asked the wrong node which one is right (KIP-951).

use super::call::Call;
use crate::state::State;

/// The leader of a partition, and its address.
pub(super) struct LeaderHint {
    /// -1 for none.
    pub(super) leader_id: i32,
    pub(super) leader_epoch: i32,
}

/// The address of a node.
pub(super) struct Endpoint {
    pub(super) node_id: i32,
    pub(super) host: String,
    pub(super) port: i32,
    pub(super) rack: Option<String>,
}

/// The leader of a partition, whose node is added to `nodes`; `None` if there is no such partition.
pub(super) fn leader_hint(
    state: &State,
    topic: &str,
    index: i32,
    nodes: &mut Vec<i32>,
) -> Option<LeaderHint> {
    let partition = state.partition(topic, index)?;
    nodes.extend(partition.leader.filter(|id| !nodes.contains(id)));
    Some(LeaderHint {
        leader_id: partition.leader.unwrap_or(-1),
        leader_epoch: partition.leader_epoch,
    })
}

/// The addresses of `nodes`, for clients of the caller's listener.
pub(super) fn endpoints<T: From<Endpoint>>(
    state: &State,
    nodes: &[i32],
    call: &Call<'_>,
) -> Vec<T> {
    let known = nodes.iter().filter_map(|id| state.nodes.get(id));
    known
        .map(|node| {
            let address = node.address(call.peer.listener);
            T::from(Endpoint {
                node_id: node.id,
                host: address.host,
                port: address.port,
                rack: node.rack.clone(),
            })
        })
        .collect()
}

macro_rules! from_endpoint {
    ($($api:ident)*) => {$(
        impl From<Endpoint> for libkafka_protocol::messages::$api::NodeEndpoint {
            fn from(endpoint: Endpoint) -> Self {
                Self {
                    node_id: endpoint.node_id,
                    host: endpoint.host,
                    port: endpoint.port,
                    rack: endpoint.rack,
                    ..Default::default()
                }
            }
        }

        impl From<LeaderHint> for libkafka_protocol::messages::$api::LeaderIdAndEpoch {
            fn from(hint: LeaderHint) -> Self {
                Self {
                    leader_id: hint.leader_id,
                    leader_epoch: hint.leader_epoch,
                    ..Default::default()
                }
            }
        }
    )*};
}

from_endpoint!(produce fetch);
