//! ElectLeaders: makes preferred replicas lead their partitions again, or any replica (KIP-183).
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: `timeout_ms` is ignored, since a leader leads at once. An unclean election loses
//! no records, since there is only one copy of them.

use libkafka_protocol::messages::elect_leaders::{PartitionResult, ReplicaElectionResult};
use libkafka_protocol::messages::{ElectLeadersRequest, ElectLeadersResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use super::message::message;
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::{Election, State};

/// The approximate size of the result for a partition in memory, including its message.
const RESULT: usize = size_of::<PartitionResult>() + 64;

type Refusal = (ErrorCode, Option<String>);

impl Api for ElectLeadersRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<ElectLeadersResponse> {
        let mut state = call.lock();
        if self.topic_partitions.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Some(ElectLeadersResponse::default()));
        }
        let Some(election) = Election::from_wire(self.election_type) else {
            return unknown(&self, call).map(Some);
        };
        let running = state.running_ids();
        let results = match &self.topic_partitions {
            None => elect_all(election, &running, call, &mut state)?,
            Some(topics) => {
                for topic in topics {
                    let each = RESULT + topic.topic.len();
                    call.grow(topic.topic.len() + topic.partitions.len() * each)?;
                }
                let topics = topics.iter().map(|topic| ReplicaElectionResult {
                    topic: topic.topic.clone(),
                    partition_result: topic
                        .partitions
                        .iter()
                        .map(|index| {
                            let elected =
                                elect(&topic.topic, *index, election, &running, call, &mut state);
                            result(*index, elected)
                        })
                        .collect(),
                    ..Default::default()
                });
                topics.collect()
            }
        };
        state.mark_changed();
        Ok(Some(ElectLeadersResponse {
            replica_election_results: results,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.topic_partitions.iter().flatten() {
            let partitions = topic.partitions.iter().copied();
            targets.partitions(&topic.topic, Uuid::ZERO, partitions);
        }
    }
}

/// Holds an election wherever one is needed. The answer contains every topic, with what was done in
/// it.
fn elect_all(
    election: Election,
    running: &[i32],
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Result<Vec<ReplicaElectionResult>, Hangup> {
    for (name, topic) in &state.topics {
        call.grow(size_of::<ReplicaElectionResult>() + name.len())?;
        call.grow(topic.partitions.len() * RESULT)?;
    }
    let topics = state.topics.iter_mut().map(|(name, topic)| {
        let partitions = (0..).zip(&mut topic.partitions);
        let elected = partitions.filter_map(|(index, partition)| {
            let elected = match call.strikes.error(name, Some(index)) {
                Some(code) => Err(code),
                None => partition.elect(election, running),
            };
            match elected {
                Err(ErrorCode::ELECTION_NOT_NEEDED) => None,
                other => Some(result(index, other.map_err(described))),
            }
        });
        ReplicaElectionResult {
            topic: name.clone(),
            partition_result: elected.collect(),
            ..Default::default()
        }
    });
    Ok(topics.collect())
}

fn elect(
    topic: &str,
    index: i32,
    election: Election,
    running: &[i32],
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), Refusal> {
    if let Some(code) = call.strikes.error(topic, Some(index)) {
        return Err(described(code));
    }
    let unknown = |why| (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, Some(why));
    let found = state.topics.get_mut(topic);
    let found = found.ok_or_else(|| unknown(format!("No such topic as {topic}")))?;
    let partition = found.partition_mut(index);
    let partition =
        partition.ok_or_else(|| unknown(format!("No such partition as {topic}-{index}")))?;
    partition.elect(election, running).map_err(described)
}

fn described(code: ErrorCode) -> Refusal {
    (code, message(code))
}

fn result(partition_id: i32, elected: Result<(), Refusal>) -> PartitionResult {
    let (error_code, error_message) = elected.err().unwrap_or((ErrorCode::NONE, None));
    PartitionResult {
        partition_id,
        error_code,
        error_message,
        ..Default::default()
    }
}

/// The answer to an election of an unknown type.
fn unknown(request: &ElectLeadersRequest, call: &Call<'_>) -> Result<ElectLeadersResponse, Hangup> {
    let why = format!("Unknown election type {}", request.election_type);
    let mut results = Vec::new();
    for topic in request.topic_partitions.iter().flatten() {
        call.grow(topic.topic.len() + topic.partitions.len() * RESULT)?;
        let refused =
            |index: &i32| result(*index, Err((ErrorCode::INVALID_REQUEST, Some(why.clone()))));
        results.push(ReplicaElectionResult {
            topic: topic.topic.clone(),
            partition_result: topic.partitions.iter().map(refused).collect(),
            ..Default::default()
        });
    }
    Ok(ElectLeadersResponse {
        error_code: ErrorCode::INVALID_REQUEST,
        replica_election_results: results,
        ..Default::default()
    })
}
