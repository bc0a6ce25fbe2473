//! CreatePartitions: adds partitions to topics.
//!
//! Versions 0 to 3.
//!
//! Unlike Kafka: `timeout_ms` is ignored, and replicas are placed on nodes in turn, whatever their
//! racks.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::create_partitions::{
    CreatePartitionsTopic, CreatePartitionsTopicResult,
};
use libkafka_protocol::messages::{CreatePartitionsRequest, CreatePartitionsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use super::topic_admin;
use crate::fault::Targets;
use crate::state::State;

impl Api for CreatePartitionsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<CreatePartitionsResponse> {
        let mut state = call.lock();
        let repeated = topic_admin::repeated(self.topics.iter().map(|t| t.name.as_str()));
        let fits = check_count(&self.topics, &state);
        let results = self.topics.iter().map(|topic| {
            let grown = fits
                .clone()
                .and_then(|()| topic_admin::check(&topic.name, &repeated, call))
                .map_err(|(code, why)| {
                    let says_why = code != ErrorCode::TOPIC_AUTHORIZATION_FAILED;
                    (code, Some(why).filter(|_| says_why))
                })
                .and_then(|()| grow(topic, self.validate_only, &mut state));
            let (error_code, error_message) = match grown {
                Ok(()) => (ErrorCode::NONE, None),
                Err((code, why)) => (code, why),
            };
            CreatePartitionsTopicResult {
                name: topic.name.clone(),
                error_code,
                error_message,
                ..Default::default()
            }
        });
        let results = results.collect();
        Ok(Some(CreatePartitionsResponse {
            results,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.topics(self.topics.iter().map(|topic| &topic.name));
    }
}

/// Refuses a request that would create too many partitions in total.
fn check_count(topics: &[CreatePartitionsTopic], state: &State) -> Result<(), (ErrorCode, String)> {
    let more = topics.iter().map(|topic| {
        let has = state
            .topics
            .get(&topic.name)
            .map(|topic| topic.partitions.len());
        let wants = usize::try_from(topic.count).unwrap_or(0);
        has.map_or(0, |has| wants.saturating_sub(has))
    });
    if more.fold(0, usize::saturating_add) > State::MAX_PARTITIONS {
        let why = "Excessively large number of additional partitions per request.".to_owned();
        return Err((ErrorCode::POLICY_VIOLATION, why));
    }
    Ok(())
}

fn grow(
    asked: &CreatePartitionsTopic,
    validate_only: bool,
    state: &mut State,
) -> Result<(), (ErrorCode, Option<String>)> {
    let topic = state
        .topics
        .get(&asked.name)
        .ok_or((ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, None))?;
    let has = topic.partitions.len();
    let replication = topic.partitions.first().map_or(1, |p| p.replicas.len());
    let wants = usize::try_from(asked.count).unwrap_or(0);
    let invalid = |why: String| Err((ErrorCode::INVALID_PARTITIONS, Some(why)));
    if wants == has {
        return invalid(format!("Topic already has {has} partition(s)."));
    }
    if wants < has {
        return invalid(format!(
            "The topic {} currently has {has} partition(s); {} would not be an increase.",
            asked.name, asked.count
        ));
    }
    let more = wants - has;
    let replicas = match &asked.assignments {
        None => state.assign(more, replication),
        Some(assignments) => {
            let replicas = assignments.iter().map(|a| a.broker_ids.to_vec());
            let replicas: Vec<Vec<i32>> = replicas.collect();
            if replicas.len() != more {
                return Err((
                    ErrorCode::INVALID_REPLICA_ASSIGNMENT,
                    Some(format!(
                        "Attempted to add {more} additional partition(s), but only {} assignment(s) were specified.",
                        replicas.len()
                    )),
                ));
            }
            for replicas in &replicas {
                topic_admin::check_replicas(replicas, &state.nodes)
                    .map_err(|why| (ErrorCode::INVALID_REPLICA_ASSIGNMENT, Some(why)))?;
                if replicas.len() != replication {
                    return Err((
                        ErrorCode::INVALID_REPLICA_ASSIGNMENT,
                        Some(format!(
                            "The manual partition assignment includes a partition with {} replica(s), but this is not consistent with previous partitions, which have {replication} replica(s).",
                            replicas.len()
                        )),
                    ));
                }
            }
            replicas
        }
    };
    if !validate_only {
        state.add_partitions(&asked.name, replicas);
    }
    Ok(())
}
