//! CreateTopics.
//!
//! Versions 2 to 7.
//!
//! Unlike Kafka: `timeout_ms` is ignored, since a topic exists at once. Replicas are placed on
//! nodes in turn, whatever their racks.

use std::collections::{BTreeMap, HashSet};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::create_topics::{
    CreatableTopic, CreatableTopicConfigs, CreatableTopicResult,
};
use libkafka_protocol::messages::{CreateTopicsRequest, CreateTopicsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use super::topic_admin;
use crate::fault::Targets;
use crate::state::{
    Configs, Set, State, check_topic_configs, check_topic_name, config_table, random_uuid,
};

/// The number of topics that are created before other requests have their turn.
const AT_ONCE: usize = 100;

/// Why a topic cannot be created.
type Refusal = (ErrorCode, String);

impl Api for CreateTopicsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<CreateTopicsResponse> {
        let mut state = call.lock();
        let repeated = topic_admin::repeated(self.topics.iter().map(|t| t.name.as_str()));
        let configs = config_table().of_topics.len();
        call.grow(self.topics.len() * configs * size_of::<CreatableTopicConfigs>())?;
        if let Err((error_code, message)) = check_count(&self.topics, &state) {
            let refused = |topic: &CreatableTopic| CreatableTopicResult {
                name: topic.name.clone(),
                error_code,
                error_message: Some(message.clone()),
                ..Default::default()
            };
            return Ok(Some(CreateTopicsResponse {
                topics: self.topics.iter().map(refused).collect(),
                ..Default::default()
            }));
        }
        let mut topics = Vec::with_capacity(self.topics.len());
        // What is there more than once is refused once.
        let mut refused = HashSet::new();
        let topics_asked = self.topics.iter().filter(|topic| {
            let name = topic.name.as_str();
            !repeated.contains(name) || refused.insert(name)
        });
        // One that is created by the same request collides with none, as in Kafka.
        let asked: Vec<(&CreatableTopic, Option<String>)> = topics_asked
            .map(|topic| (topic, state.colliding_topic(&topic.name).map(str::to_owned)))
            .collect();
        for chunk in asked.chunks(AT_ONCE) {
            topics.extend(chunk.iter().map(|(topic, other)| {
                let created = topic_admin::check(&topic.name, &repeated, call)
                    .and_then(|()| check_name(&topic.name, other.as_deref(), &state))
                    .and_then(|()| create(topic, self.validate_only, call.node(), &mut state));
                created.unwrap_or_else(|(error_code, message)| CreatableTopicResult {
                    name: topic.name.clone(),
                    error_code,
                    error_message: Some(message),
                    ..Default::default()
                })
            }));
            drop(state);
            state = call.lock();
        }
        Ok(Some(CreateTopicsResponse {
            topics,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.topics(self.topics.iter().map(|topic| &topic.name));
    }
}

/// Refuses a request that would create too many partitions in total.
fn check_count(topics: &[CreatableTopic], state: &State) -> Result<(), Refusal> {
    let partitions = topics.iter().map(|topic| match topic.num_partitions {
        _ if !topic.assignments.is_empty() => topic.assignments.len() as i64,
        -1 => state.configs.number("num.partitions", 1),
        partitions => i64::from(partitions.max(0)),
    });
    let partitions = partitions.fold(0, i64::saturating_add);
    if partitions > State::MAX_PARTITIONS as i64 {
        let why = "Excessively large number of partitions per request.".to_owned();
        return Err((ErrorCode::POLICY_VIOLATION, why));
    }
    Ok(())
}

fn check_name(name: &str, colliding: Option<&str>, state: &State) -> Result<(), Refusal> {
    check_topic_name(name).map_err(|why| (ErrorCode::INVALID_TOPIC_EXCEPTION, why))?;
    if state.topics.contains_key(name) {
        return Err((
            ErrorCode::TOPIC_ALREADY_EXISTS,
            format!("Topic '{name}' already exists."),
        ));
    }
    match colliding {
        None => Ok(()),
        Some(other) => Err((
            ErrorCode::INVALID_TOPIC_EXCEPTION,
            format!("Topic '{name}' collides with existing topic: {other}"),
        )),
    }
}

fn create(
    topic: &CreatableTopic,
    validate_only: bool,
    node: i32,
    state: &mut State,
) -> Result<CreatableTopicResult, Refusal> {
    let name = topic.name.as_str();
    let configs = configs(topic)?;
    let replicas = replicas(topic, state)?;
    let partitions = replicas.len();
    let replication = replicas.first().map_or(0, Vec::len);
    let merged = Configs::new(configs.clone(), &state.configs);
    let id = if validate_only {
        random_uuid()
    } else {
        state.create_topic(name, replicas, configs)
    };
    Ok(CreatableTopicResult {
        name: name.to_owned(),
        topic_id: id,
        error_message: None,
        num_partitions: i32::try_from(partitions).unwrap_or(i32::MAX),
        replication_factor: i16::try_from(replication).unwrap_or(i16::MAX),
        configs: Some(State::creatable_configs(&merged, node)),
        ..Default::default()
    })
}

fn configs(topic: &CreatableTopic) -> Result<Set, Refusal> {
    let invalid = |why: String| (ErrorCode::INVALID_CONFIG, why);
    let mut configs = Set::new();
    for config in &topic.configs {
        let Some(value) = &config.value else {
            return Err(invalid(format!(
                "Null value not supported for topic configs: {}",
                config.name
            )));
        };
        configs.insert(config.name.clone(), value.clone());
    }
    check_topic_configs(&configs).map_err(invalid)?;
    Ok(configs)
}

/// The replicas of each partition: the requested ones, or the requested number.
fn replicas(topic: &CreatableTopic, state: &mut State) -> Result<Vec<Vec<i32>>, Refusal> {
    let counted = topic.num_partitions != -1 || topic.replication_factor != -1;
    if !topic.assignments.is_empty() {
        if counted {
            let what = match topic.replication_factor {
                -1 => "numPartitions",
                _ => "replication factor",
            };
            return Err((
                ErrorCode::INVALID_REQUEST,
                format!(
                    "A manual partition assignment was specified, but {what} was not set to -1."
                ),
            ));
        }
        return assigned(topic, state);
    }
    let partitions = || match topic.num_partitions {
        -1 => Ok(state.configs.number("num.partitions", 1)),
        partitions if partitions > 0 => Ok(i64::from(partitions)),
        _ => Err((
            ErrorCode::INVALID_PARTITIONS,
            "Number of partitions was set to an invalid non-positive value.".to_owned(),
        )),
    };
    let replication = match topic.replication_factor {
        -1 => state.configs.number("default.replication.factor", 1),
        replication if replication > 0 => i64::from(replication),
        _ => {
            return Err((
                ErrorCode::INVALID_REPLICATION_FACTOR,
                "Replication factor must be larger than 0, or -1 to use the default value."
                    .to_owned(),
            ));
        }
    };
    let partitions = partitions()?;
    let nodes = state.running().count();
    let replication = usize::try_from(replication).unwrap_or(usize::MAX);
    if replication > nodes {
        return Err((
            ErrorCode::INVALID_REPLICATION_FACTOR,
            format!(
                "Unable to replicate the partition {replication} time(s): The target replication factor of {replication} cannot be reached because only {nodes} broker(s) are registered or some brokers have all their log directories cordoned."
            ),
        ));
    }
    let partitions = usize::try_from(partitions).unwrap_or(usize::MAX);
    Ok(state.assign(partitions, replication))
}

fn assigned(topic: &CreatableTopic, state: &State) -> Result<Vec<Vec<i32>>, Refusal> {
    let invalid = |why: String| (ErrorCode::INVALID_REPLICA_ASSIGNMENT, why);
    let mut partitions = BTreeMap::new();
    for assignment in &topic.assignments {
        let replicas: Vec<i32> = assignment.broker_ids.to_vec();
        topic_admin::check_replicas(&replicas, &state.nodes).map_err(invalid)?;
        let index = assignment.partition_index;
        if partitions.insert(index, replicas).is_some() {
            return Err(invalid(format!(
                "Found multiple manual partition assignments for partition {index}"
            )));
        }
    }
    let in_order = partitions
        .keys()
        .copied()
        .eq(0..topic.assignments.len() as i32);
    if !in_order {
        return Err(invalid(
            "partitions should be a consecutive 0-based integer sequence".to_owned(),
        ));
    }
    let mut sizes = partitions.values().map(Vec::len);
    let first = sizes.next();
    if sizes.any(|size| Some(size) != first) {
        return Err(invalid(
            "The manual partition assignment includes partitions with different numbers of replicas.".to_owned(),
        ));
    }
    Ok(partitions.into_values().collect())
}
