//! Metadata: nodes, topics and leaders.
//!
//! Versions 0 to 13.
//!
use std::collections::{BTreeMap, HashSet};

use libkafka_protocol::messages::metadata::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_protocol::{BrokerIds, ErrorCode, Uuid};

use super::authorize::CLUSTER;
use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::{
    Partition, State, Topic, check_topic_name, is_internal, operation, resource_type,
};

/// Every operation on a topic, one bit each, as a broker without an authorizer answers (KIP-430).
pub(super) const TOPIC_OPERATIONS: i32 = 0b1101_1111_1000;
/// Every operation on the cluster.
pub(super) const CLUSTER_OPERATIONS: i32 = 0b1_1111_1010_0000;

impl Api for MetadataRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<MetadataResponse> {
        let asked = self.topics.iter().flatten();
        // The versions have the field, and Kafka does not look topics up by it yet.
        let by_id = (10..12).contains(&call.version);
        let has_ids = { asked.clone() }.any(|topic| !topic.topic_id.is_zero());
        let lacks_name = { asked }.any(|topic| topic.name.is_none());
        let is_malformed = match by_id {
            true => has_ids || lacks_name,
            false => lacks_name && !has_ids,
        };
        if is_malformed {
            return Ok(Some(malformed(self)));
        }
        let mut state = call.lock();
        let topics = topics(&self, call, &mut state);
        let cluster_operations = self.include_cluster_authorized_operations;
        Ok(Some(MetadataResponse {
            brokers: brokers(&state, call.peer.listener),
            cluster_id: Some(state.cluster_id.clone()),
            controller_id: state.controller(),
            topics,
            cluster_authorized_operations: if cluster_operations {
                call.operations(&state, CLUSTER_OPERATIONS, resource_type::CLUSTER, CLUSTER)
            } else {
                i32::MIN
            },
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.topics.iter().flatten() {
            targets.topic(topic.name.as_deref().unwrap_or_default(), topic.topic_id);
        }
    }
}

fn malformed(request: MetadataRequest) -> MetadataResponse {
    let topics = request.topics.into_iter().flatten();
    let topics = topics.map(|topic| MetadataResponseTopic {
        error_code: ErrorCode::INVALID_REQUEST,
        name: Some(topic.name.unwrap_or_default()),
        topic_id: topic.topic_id,
        ..Default::default()
    });
    MetadataResponse {
        topics: topics.collect(),
        ..Default::default()
    }
}

fn brokers(state: &State, listener: usize) -> Vec<MetadataResponseBroker> {
    state
        .running()
        .map(|node| {
            let address = node.address(listener);
            MetadataResponseBroker {
                node_id: node.id,
                host: address.host,
                port: address.port,
                rack: node.rack.clone(),
                ..Default::default()
            }
        })
        .collect()
}

fn topics(
    request: &MetadataRequest,
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Vec<MetadataResponseTopic> {
    let operations = request.include_topic_authorized_operations;
    let operations = |name: &str, state: &State| match operations {
        true => call.operations(state, TOPIC_OPERATIONS, resource_type::TOPIC, name),
        false => i32::MIN,
    };
    let describe = |name: &str, topic: &Topic, state: &State| {
        describe(name, topic, state, operations(name, state))
    };
    let asked = match &request.topics {
        Some(topics) if !(topics.is_empty() && call.version == 0) => topics,
        _ => {
            let all = state.topics.iter();
            return all
                .filter(|(name, _)| {
                    call.may(state, operation::DESCRIBE, resource_type::TOPIC, name)
                })
                .map(|(name, topic)| describe(name, topic, state))
                .collect();
        }
    };
    let may_create =
        request.allow_auto_topic_creation && state.configs.flag("auto.create.topics.enable", true);
    let answer = |name: Option<&str>, id: Uuid, error_code| MetadataResponseTopic {
        error_code,
        name: name.map(str::to_owned),
        topic_id: id,
        is_internal: name.is_some_and(is_internal),
        ..Default::default()
    };
    let mut seen = HashSet::new();
    // As Kafka answers: once, however often it is named.
    let by_id = asked.iter().any(|topic| !topic.topic_id.is_zero());
    let first = asked
        .iter()
        // Where some are named by id, names are not looked at.
        .filter(|topic| !by_id || !topic.topic_id.is_zero())
        .filter(|topic| match state.topic_by_id(topic.topic_id) {
            Some((name, _)) => seen.insert((Uuid::ZERO, Some(name.clone()))),
            None if by_id => seen.insert((topic.topic_id, None)),
            None => seen.insert((Uuid::ZERO, topic.name.clone())),
        });
    let first: Vec<_> = first.collect();
    first
        .into_iter()
        .map(|topic| {
            let name = match state.topic_by_id(topic.topic_id) {
                Some((name, _)) => name,
                None => topic.name.as_deref().unwrap_or_default(),
            };
            if let Some(code) = call.strikes.error(name, None) {
                return answer(Some(name), topic.topic_id, code);
            }
            if !topic.topic_id.is_zero() {
                return match state.topic_by_id(topic.topic_id) {
                    Some((name, topic)) => describe(name, topic, state),
                    None => answer(None, topic.topic_id, ErrorCode::UNKNOWN_TOPIC_ID),
                };
            }
            let name = topic.name.as_deref().unwrap_or_default();
            if let Some(topic) = state.topics.get(name) {
                return describe(name, topic, state);
            }
            let error = if check_topic_name(name).is_err() {
                ErrorCode::INVALID_TOPIC_EXCEPTION
            } else {
                let may = |kind, name| call.may(state, operation::CREATE, kind, name);
                if may_create
                    && !(may(resource_type::CLUSTER, CLUSTER) || may(resource_type::TOPIC, name))
                {
                    let denied = ErrorCode::TOPIC_AUTHORIZATION_FAILED;
                    return answer(Some(name), Uuid::ZERO, denied);
                }
                if may_create {
                    create(name, state);
                }
                // As Kafka answers: the topic is there when it is asked for again.
                ErrorCode::UNKNOWN_TOPIC_OR_PARTITION
            };
            MetadataResponseTopic {
                topic_authorized_operations: operations(name, state),
                ..answer(Some(name), Uuid::ZERO, error)
            }
        })
        .collect()
}

fn create(name: &str, state: &mut State) {
    if is_internal(name) {
        return state.ensure_internal_topic(name);
    }
    let partitions = state.configs.number("num.partitions", 1).max(1);
    let replication = state.configs.number("default.replication.factor", 1).max(1);
    let partitions = usize::try_from(partitions).map_or(State::MAX_PARTITIONS, |partitions| {
        partitions.min(State::MAX_PARTITIONS)
    });
    let replication = usize::try_from(replication).unwrap_or(usize::MAX);
    let replicas = state.assign(partitions, replication);
    state.create_topic(name, replicas, BTreeMap::new());
}

fn describe(name: &str, topic: &Topic, state: &State, operations: i32) -> MetadataResponseTopic {
    MetadataResponseTopic {
        name: Some(name.to_owned()),
        topic_id: topic.id,
        is_internal: is_internal(name),
        partitions: (0..)
            .zip(&topic.partitions)
            .map(|(index, partition)| describe_partition(index, partition, state))
            .collect(),
        topic_authorized_operations: operations,
        ..Default::default()
    }
}

fn describe_partition(
    index: i32,
    partition: &Partition,
    state: &State,
) -> MetadataResponsePartition {
    MetadataResponsePartition {
        error_code: match partition.leader {
            Some(_) => ErrorCode::NONE,
            None => ErrorCode::LEADER_NOT_AVAILABLE,
        },
        partition_index: index,
        leader_id: partition.leader.unwrap_or(-1),
        leader_epoch: partition.leader_epoch,
        replica_nodes: partition.replicas.iter().copied().collect(),
        isr_nodes: partition.isr.iter().copied().collect(),
        offline_replicas: offline_replicas(partition, state),
        ..Default::default()
    }
}

/// The replicas of a partition whose nodes are not running.
pub(super) fn offline_replicas(partition: &Partition, state: &State) -> BrokerIds {
    let offline = |id: &i32| !state.nodes.get(id).is_some_and(|node| node.running);
    partition.replicas.iter().copied().filter(offline).collect()
}
