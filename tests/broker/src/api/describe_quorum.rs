//! DescribeQuorum: lists the controllers and the progress of each (KIP-595).
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: there is no metadata log. Every node acts as a voter that has all of it, and its
//! first listener acts as that of its controller.

use libkafka_protocol::messages::describe_quorum::response::{PartitionData, TopicData};
use libkafka_protocol::messages::describe_quorum::{Listener, Node, ReplicaState, request};
use libkafka_protocol::messages::{DescribeQuorumRequest, DescribeQuorumResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use super::message::message;
use crate::state::State;

/// The topic of the metadata, and its only partition.
const METADATA: (&str, i32) = ("__cluster_metadata", 0);

impl Api for DescribeQuorumRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeQuorumResponse> {
        for topic in &self.topics {
            let each = size_of::<PartitionData>() + 64;
            call.grow(topic.topic_name.len() + size_of::<TopicData>())?;
            call.grow(topic.partitions.len() * each)?;
        }
        let state = call.lock();
        let is_valid = is_metadata(&self.topics);
        let topics = self.topics.iter().map(|topic| TopicData {
            topic_name: topic.topic_name.clone(),
            partitions: topic
                .partitions
                .iter()
                .map(|partition| match is_valid {
                    true => describe(&state),
                    false => unknown(partition.partition_index),
                })
                .collect(),
            ..Default::default()
        });
        Ok(Some(DescribeQuorumResponse {
            error_message: Some(String::new()),
            topics: topics.collect(),
            nodes: match is_valid && call.version >= 2 {
                true => nodes(&state),
                false => Vec::new(),
            },
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeQuorumResponse> {
        Some(DescribeQuorumResponse {
            error_code,
            ..Default::default()
        })
    }
}

/// Whether a request names the only partition, and nothing else.
fn is_metadata(topics: &[request::TopicData]) -> bool {
    let [topic] = topics else { return false };
    let [partition] = &topic.partitions[..] else {
        return false;
    };
    (&*topic.topic_name, partition.partition_index) == METADATA
}

fn describe(state: &State) -> PartitionData {
    let (end, now) = (state.metadata_offset(), state.clock.wall_ms());
    let voter = |id: &i32| ReplicaState {
        replica_id: *id,
        replica_directory_id: Uuid::ZERO,
        log_end_offset: end,
        last_fetch_timestamp: now,
        last_caught_up_timestamp: now,
        ..Default::default()
    };
    PartitionData {
        partition_index: METADATA.1,
        error_message: Some(String::new()),
        leader_id: state.controller(),
        leader_epoch: 1,
        high_watermark: end,
        current_voters: state.nodes.keys().map(voter).collect(),
        ..Default::default()
    }
}

fn unknown(partition_index: i32) -> PartitionData {
    let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    PartitionData {
        partition_index,
        error_code: code,
        error_message: message(code),
        ..Default::default()
    }
}

fn nodes(state: &State) -> Vec<Node> {
    let nodes = state.nodes.values().map(|node| {
        let address = node.address(0);
        Node {
            node_id: node.id,
            listeners: vec![Listener {
                name: "CONTROLLER".to_owned(),
                host: address.host,
                port: u16::try_from(address.port).unwrap_or(0),
                ..Default::default()
            }],
            ..Default::default()
        }
    });
    nodes.collect()
}
