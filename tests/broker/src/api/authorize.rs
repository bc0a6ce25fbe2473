//! [`authorize`]: finds what a request needs permission for, and what of it is denied.

use std::collections::BTreeSet;

use libkafka_protocol::{ApiKey, ErrorCode};

use super::call::Call;
use crate::fault::Targets;
use crate::state::{State, operation, resource_type};

/// The name of the only resource of its type.
pub(super) const CLUSTER: &str = "kafka-cluster";

/// The permissions that a request needs, with the resources that it names.
#[derive(Debug, Clone, Copy, Default)]
struct Needs {
    topic: Option<i8>,
    group: Option<i8>,
    transactional_id: Option<i8>,
    cluster: Option<i8>,
}

/// The denied parts of a request.
#[derive(Debug, Default)]
pub(super) struct Denied {
    /// The error, if all of it is denied.
    pub(super) whole: Option<ErrorCode>,
    /// The denied topics.
    pub(super) topics: Vec<String>,
}

/// The permissions that an API needs, as `KafkaApis` and `ControllerApis` of 4.4.0 check them. APIs
/// that are not listed need none, or check by themselves.
fn needs(api: ApiKey) -> Needs {
    use operation::*;
    let topic = |operation| Needs {
        topic: Some(operation),
        ..Needs::default()
    };
    let group = |operation| Needs {
        group: Some(operation),
        ..Needs::default()
    };
    let cluster = |operation| Needs {
        cluster: Some(operation),
        ..Needs::default()
    };
    let transactional = Needs {
        transactional_id: Some(WRITE),
        ..Needs::default()
    };
    match api {
        ApiKey::PRODUCE | ApiKey::ADD_PARTITIONS_TO_TXN => Needs {
            topic: Some(WRITE),
            ..transactional
        },
        ApiKey::FETCH | ApiKey::DESCRIBE_PRODUCERS => topic(READ),
        ApiKey::LIST_OFFSETS
        | ApiKey::METADATA
        | ApiKey::OFFSET_FOR_LEADER_EPOCH
        | ApiKey::DESCRIBE_TOPIC_PARTITIONS => topic(DESCRIBE),
        ApiKey::OFFSET_COMMIT => Needs {
            topic: Some(READ),
            ..group(READ)
        },
        ApiKey::OFFSET_FETCH => Needs {
            topic: Some(DESCRIBE),
            ..group(DESCRIBE)
        },
        ApiKey::FIND_COORDINATOR => Needs {
            transactional_id: Some(DESCRIBE),
            ..group(DESCRIBE)
        },
        ApiKey::JOIN_GROUP | ApiKey::SYNC_GROUP | ApiKey::HEARTBEAT | ApiKey::LEAVE_GROUP => {
            group(READ)
        }
        ApiKey::CONSUMER_GROUP_HEARTBEAT => Needs {
            topic: Some(DESCRIBE),
            ..group(READ)
        },
        ApiKey::DESCRIBE_GROUPS | ApiKey::CONSUMER_GROUP_DESCRIBE => group(DESCRIBE),
        ApiKey::DELETE_GROUPS => group(DELETE),
        ApiKey::OFFSET_DELETE => Needs {
            topic: Some(READ),
            ..group(DELETE)
        },
        ApiKey::CREATE_TOPICS => topic(CREATE),
        ApiKey::DELETE_TOPICS | ApiKey::DELETE_RECORDS => topic(DELETE),
        ApiKey::CREATE_PARTITIONS => topic(ALTER),
        ApiKey::DESCRIBE_CONFIGS => topic(DESCRIBE_CONFIGS),
        ApiKey::ALTER_CONFIGS | ApiKey::INCREMENTAL_ALTER_CONFIGS => topic(ALTER_CONFIGS),
        ApiKey::INIT_PRODUCER_ID | ApiKey::END_TXN => transactional,
        ApiKey::ADD_OFFSETS_TO_TXN => Needs {
            group: Some(READ),
            ..transactional
        },
        ApiKey::TXN_OFFSET_COMMIT => Needs {
            topic: Some(READ),
            group: Some(READ),
            ..transactional
        },
        ApiKey::DESCRIBE_TRANSACTIONS => Needs {
            transactional_id: Some(DESCRIBE),
            ..Needs::default()
        },
        ApiKey::WRITE_TXN_MARKERS => cluster(CLUSTER_ACTION),
        ApiKey::DESCRIBE_ACLS
        | ApiKey::DESCRIBE_LOG_DIRS
        | ApiKey::DESCRIBE_QUORUM
        | ApiKey::LIST_PARTITION_REASSIGNMENTS
        | ApiKey::DESCRIBE_USER_SCRAM_CREDENTIALS => cluster(DESCRIBE),
        ApiKey::CREATE_ACLS
        | ApiKey::DELETE_ACLS
        | ApiKey::ELECT_LEADERS
        | ApiKey::ALTER_PARTITION_REASSIGNMENTS
        | ApiKey::ALTER_REPLICA_LOG_DIRS
        | ApiKey::UPDATE_FEATURES
        | ApiKey::ALTER_USER_SCRAM_CREDENTIALS => cluster(ALTER),
        ApiKey::DESCRIBE_CLIENT_QUOTAS | ApiKey::LIST_CONFIG_RESOURCES => cluster(DESCRIBE_CONFIGS),
        ApiKey::ALTER_CLIENT_QUOTAS => cluster(ALTER_CONFIGS),
        _ => Needs::default(),
    }
}

/// Finds which parts of a request are denied to its sender; none if there is no authorizer.
pub(super) fn authorize(call: &Call<'_>, add_targets: impl FnOnce(&State, &mut Targets)) -> Denied {
    let state = call.lock();
    let mut denied = Denied::default();
    if state.authorizer.is_none() {
        return denied;
    }
    let api = call.header.request_api_key;
    let needs = needs(api);
    let mut targets = Targets::default();
    add_targets(&state, &mut targets);
    targets.name_topics(|id| state.topic_by_id(id).map(|(name, _)| name.clone()));
    let may = |operation, kind, name: &str| call.may(&state, operation, kind, name);
    let lacks = |operation: Option<i8>, kind, names: BTreeSet<&str>| {
        operation.is_some_and(|operation| names.iter().any(|name| !may(operation, kind, name)))
    };
    if lacks(
        needs.cluster,
        resource_type::CLUSTER,
        BTreeSet::from([CLUSTER]),
    ) {
        denied.whole = Some(ErrorCode::CLUSTER_AUTHORIZATION_FAILED);
    } else if lacks(
        needs.transactional_id,
        resource_type::TRANSACTIONAL_ID,
        targets.transactional_id_set(),
    ) {
        denied.whole = Some(ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    } else if lacks(needs.group, resource_type::GROUP, targets.group_ids()) {
        denied.whole = Some(ErrorCode::GROUP_AUTHORIZATION_FAILED);
    }
    // Who may make topics anywhere may make these.
    let makes =
        api == ApiKey::CREATE_TOPICS && may(operation::CREATE, resource_type::CLUSTER, CLUSTER);
    if let Some(operation) = needs.topic.filter(|_| !makes) {
        let names = targets.topic_names().into_iter();
        let names = names.filter(|name| !may(operation, resource_type::TOPIC, name));
        denied.topics = names.map(str::to_owned).collect();
    }
    denied
}

impl Call<'_> {
    /// Whether the sender may do something. Always true if there is no authorizer.
    pub(super) fn may(&self, state: &State, operation: i8, kind: i8, name: &str) -> bool {
        let host = self.peer.address.ip().to_string();
        let authorizer = state.authorizer.as_ref();
        authorizer.is_none_or(|authorizer| {
            authorizer.allows((&self.peer.principal, &host), operation, (kind, name))
        })
    }

    /// Whether the sender may write to any topic.
    pub(super) fn may_write_somewhere(&self, state: &State) -> bool {
        let host = self.peer.address.ip().to_string();
        let authorizer = state.authorizer.as_ref();
        authorizer.is_none_or(|authorizer| {
            let who = (self.peer.principal.as_str(), host.as_str());
            authorizer.allows_some(who, operation::WRITE, resource_type::TOPIC)
        })
    }

    /// The operations of `all`, one bit each, that the sender may do (KIP-430).
    pub(super) fn operations(&self, state: &State, all: i32, kind: i8, name: &str) -> i32 {
        if state.authorizer.is_none() {
            return all;
        }
        let bits = (operation::READ..=operation::TWO_PHASE_COMMIT)
            .filter(|bit| all & (1 << bit) != 0 && self.may(state, *bit, kind, name));
        bits.fold(0, |bits, bit| bits | 1 << bit)
    }
}
