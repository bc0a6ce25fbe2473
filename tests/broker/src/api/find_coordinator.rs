//! FindCoordinator: finds the node that coordinates a group or a transactional id.
//!
//! Versions 0 to 6.
//!
//! Unlike Kafka: a coordinator is chosen by the hash of its key among the running nodes, not by the
//! leader of a partition of an internal topic, so it is there at once. Share groups have none.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::find_coordinator::Coordinator;
use libkafka_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};

use super::call::{Answer, Call};
use super::handler::{Api, MALFORMED};
use crate::fault::Targets;
use crate::state::{CONSUMER_OFFSETS, State, TRANSACTION_STATE};

/// The key type of a group.
const GROUP: i8 = 0;
/// The key type of a transactional id.
const TRANSACTION: i8 = 1;

impl Api for FindCoordinatorRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<FindCoordinatorResponse> {
        let mut state = call.lock();
        match self.key_type {
            GROUP => state.ensure_internal_topic(CONSUMER_OFFSETS),
            TRANSACTION => state.ensure_internal_topic(TRANSACTION_STATE),
            _ => {}
        }
        let find = |key: &str| find(key, self.key_type, call, &state);
        if call.version >= 4 {
            return Ok(Some(FindCoordinatorResponse {
                coordinators: self.coordinator_keys.iter().map(|key| find(key)).collect(),
                ..Default::default()
            }));
        }
        let mut found = find(&self.key);
        if found.error_code.is_ok() && call.version >= 1 {
            // So Kafka answers.
            found.error_message = Some("NONE".to_owned());
        }
        Ok(Some(FindCoordinatorResponse {
            error_code: found.error_code,
            error_message: found.error_message,
            node_id: found.node_id,
            host: found.host,
            port: found.port,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        let older = [&self.key];
        let older = older
            .into_iter()
            .filter(|_| self.coordinator_keys.is_empty());
        let keys = self.coordinator_keys.iter().chain(older);
        match self.key_type {
            TRANSACTION => targets.transactional_ids(keys),
            _ => targets.groups(keys),
        }
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<FindCoordinatorResponse> {
        let keys = self.coordinator_keys.iter();
        Some(FindCoordinatorResponse {
            coordinators: keys.map(|key| refused(key, error_code)).collect(),
            // The fields of before version 4, where they are all there is.
            error_code: if self.coordinator_keys.is_empty() {
                error_code
            } else {
                ErrorCode::NONE
            },
            ..Default::default()
        })
    }
}

fn find(key: &str, key_type: i8, call: &Call<'_>, state: &State) -> Coordinator {
    if ![GROUP, TRANSACTION].contains(&key_type) {
        return Coordinator {
            // The key of a share group that is none.
            error_message: Some(match key_type {
                2 if call.version >= 4 => String::new(),
                _ => MALFORMED.to_owned(),
            }),
            ..refused(key, ErrorCode::INVALID_REQUEST)
        };
    }
    let Some(node) = state.coordinator(key) else {
        return refused(key, ErrorCode::COORDINATOR_NOT_AVAILABLE);
    };
    let address = node.address(call.peer.listener);
    Coordinator {
        key: key.to_owned(),
        node_id: node.id,
        host: address.host,
        port: address.port,
        ..Default::default()
    }
}

fn refused(key: &str, error_code: ErrorCode) -> Coordinator {
    Coordinator {
        key: key.to_owned(),
        node_id: -1,
        port: -1,
        error_code,
        error_message: None,
        ..Default::default()
    }
}
