//! DescribeTopicPartitions: describes topics and their partitions, page by page (KIP-966).
//!
//! Version 0.
//!
//! Unlike Kafka: there are no eligible leader replicas (KIP-966).

use std::collections::BTreeSet;

use libkafka_protocol::messages::describe_topic_partitions::response::{
    DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use libkafka_protocol::messages::describe_topic_partitions::{request, response};
use libkafka_protocol::messages::{
    DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse,
};
use libkafka_protocol::{BrokerIds, ErrorCode};

use super::call::{Answer, Call};
use super::handler::Api;
use super::metadata::{TOPIC_OPERATIONS, offline_replicas};
use crate::fault::Targets;
use crate::state::{Partition, State, check_topic_name, is_internal, operation, resource_type};

impl Api for DescribeTopicPartitionsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeTopicPartitionsResponse> {
        let state = call.lock();
        let all = self.topics.is_empty();
        let mut names: BTreeSet<&str> = if all {
            let names = state.topics.keys().map(String::as_str);
            let may =
                |name: &&str| call.may(&state, operation::DESCRIBE, resource_type::TOPIC, name);
            names.filter(may).collect()
        } else {
            self.topics.iter().map(|topic| &*topic.name).collect()
        };
        if let Some(request::Cursor {
            topic_name,
            partition_index,
            ..
        }) = &self.cursor
        {
            names = names.split_off(&**topic_name);
            if *partition_index < 0 || !(all || names.contains(&**topic_name)) {
                return Ok(self.refuse(ErrorCode::INVALID_REQUEST));
            }
        }
        // Kafka fails at it.
        if names.contains("") {
            return Ok(self.refuse(ErrorCode::UNKNOWN_SERVER_ERROR));
        }
        let limit = state
            .configs
            .number("max.request.partition.size.limit", 2000);
        let mut room = limit.min(self.response_partition_limit.into()).max(1) as usize;
        let mut response = DescribeTopicPartitionsResponse::default();
        let operations =
            |name: &str| call.operations(&state, TOPIC_OPERATIONS, resource_type::TOPIC, name);
        for name in names {
            let cursor = |partition_index: usize| response::Cursor {
                topic_name: name.to_owned(),
                partition_index: partition_index as i32,
                ..Default::default()
            };
            if room == 0 {
                response.next_cursor = Some(cursor(0));
                break;
            }
            let struck = call.strikes.error(name, None);
            let Some(topic) = state.topics.get(name).filter(|_| struck.is_none()) else {
                let code = struck.unwrap_or(match check_topic_name(name) {
                    Ok(_) => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                    Err(_) => ErrorCode::INVALID_TOPIC_EXCEPTION,
                });
                let operations = operations(name);
                response.topics.push(refused(name, code, operations));
                continue;
            };
            let first = match &self.cursor {
                Some(cursor) if cursor.topic_name == name => cursor.partition_index as usize,
                _ => 0,
            };
            let partitions = topic.partitions.iter().enumerate().skip(first).take(room);
            let partitions: Vec<_> = partitions
                .map(|(index, partition)| describe(index as i32, partition, &state))
                .collect();
            let next = first + partitions.len();
            room -= partitions.len();
            response.topics.push(DescribeTopicPartitionsResponseTopic {
                name: Some(name.to_owned()),
                topic_id: topic.id,
                is_internal: is_internal(name),
                partitions,
                topic_authorized_operations: operations(name),
                ..Default::default()
            });
            if next < topic.partitions.len() {
                response.next_cursor = Some(cursor(next));
                break;
            }
        }
        Ok(Some(response))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.topics(self.topics.iter().map(|topic| &topic.name));
    }

    fn refuse(&self, code: ErrorCode) -> Option<DescribeTopicPartitionsResponse> {
        let topics = self.topics.iter();
        Some(DescribeTopicPartitionsResponse {
            topics: topics
                .map(|topic| refused(&topic.name, code, i32::MIN))
                .collect(),
            ..Default::default()
        })
    }
}

fn refused(
    name: &str,
    error_code: ErrorCode,
    operations: i32,
) -> DescribeTopicPartitionsResponseTopic {
    DescribeTopicPartitionsResponseTopic {
        error_code,
        name: Some(name.to_owned()),
        is_internal: is_internal(name),
        topic_authorized_operations: operations,
        ..Default::default()
    }
}

fn describe(
    partition_index: i32,
    partition: &Partition,
    state: &State,
) -> DescribeTopicPartitionsResponsePartition {
    DescribeTopicPartitionsResponsePartition {
        partition_index,
        leader_id: partition.leader.unwrap_or(-1),
        leader_epoch: partition.leader_epoch,
        replica_nodes: partition.replicas.iter().copied().collect(),
        isr_nodes: partition.isr.iter().copied().collect(),
        // Each replica has the whole log: none is out of sync that could lead.
        eligible_leader_replicas: Some(BrokerIds::default()),
        last_known_elr: Some(BrokerIds::default()),
        offline_replicas: offline_replicas(partition, state),
        ..Default::default()
    }
}
