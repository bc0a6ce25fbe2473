//! DescribeProducers: describes the producers that a leader knows of (KIP-664).
//!
//! Version 0.

use libkafka_protocol::messages::describe_producers::{
    PartitionResponse, ProducerState, TopicResponse,
};
use libkafka_protocol::messages::{DescribeProducersRequest, DescribeProducersResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use super::message::message;
use crate::fault::Targets;
use crate::state::{State, check_topic_name};

impl Api for DescribeProducersRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeProducersResponse> {
        let state = call.lock();
        for topic in &self.topics {
            for index in &topic.partition_indexes {
                let partition = state.partition(&topic.name, *index);
                let producers = partition.map_or(0, |partition| partition.producers.len());
                call.grow(size_of::<PartitionResponse>())?;
                call.grow(producers * size_of::<ProducerState>())?;
            }
        }
        let topics = self.topics.iter().map(|topic| {
            let partitions = topic.partition_indexes.iter().map(|index| {
                let described = match active(&topic.name, *index, call, &state) {
                    Ok(active_producers) => PartitionResponse {
                        active_producers,
                        ..Default::default()
                    },
                    Err((error_code, error_message)) => PartitionResponse {
                        error_code,
                        error_message,
                        ..Default::default()
                    },
                };
                PartitionResponse {
                    partition_index: *index,
                    ..described
                }
            });
            TopicResponse {
                name: topic.name.clone(),
                partitions: partitions.collect(),
                ..Default::default()
            }
        });
        Ok(Some(DescribeProducersResponse {
            topics: topics.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in &self.topics {
            let partitions = topic.partition_indexes.iter().copied();
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
    }
}

fn active(
    topic: &str,
    index: i32,
    call: &Call<'_>,
    state: &State,
) -> Result<Vec<ProducerState>, (ErrorCode, Option<String>)> {
    if let Some(code) = call.strikes.error(topic, Some(index)) {
        return Err((code, None));
    }
    if let Err(why) = check_topic_name(topic) {
        return Err((ErrorCode::INVALID_TOPIC_EXCEPTION, Some(why)));
    }
    if !state.topics.contains_key(topic) {
        let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
        return Err((code, message(code)));
    }
    let partition = state.led_by(call.node(), topic, index);
    let partition = partition.map_err(|code| (code, None))?;
    let producers = partition.producers.iter();
    let described = producers.map(|(id, producer)| ProducerState {
        producer_id: id,
        producer_epoch: i32::from(producer.epoch),
        last_sequence: producer.last_sequence(),
        last_timestamp: producer.last_timestamp,
        coordinator_epoch: producer.coordinator_epoch,
        current_txn_start_offset: partition.transactions.first_offset(id).unwrap_or(-1),
        ..Default::default()
    });
    Ok(described.collect())
}
