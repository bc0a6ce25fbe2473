//! IncrementalAlterConfigs: changes the configuration of topics, brokers, groups and subscriptions
//! to client metrics, and the levels of loggers (KIP-339, KIP-412).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: what is set for one broker applies to all. The levels of loggers are stored, but
//! have no effect.

use std::collections::HashSet;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::{alter_config_op, config_resource_type};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterConfigsResourceResponse, AlterableConfig,
};
use libkafka_protocol::messages::{
    IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};

use super::alter_configs::{REPEATED, REPEATED_KEY, repeated};
use super::call::{Answer, Call};
use super::config_resource::{self, AT_ONCE, Resource};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{MIN_INSYNC_REPLICAS, OF_CLUSTER, Set, State, alter_logger, operation};

/// Kafka's answer to an unknown operation.
const UNKNOWN_OPERATION: Refusal = (ErrorCode::UNKNOWN_SERVER_ERROR, None);

type Refusal = (ErrorCode, Option<String>);

impl Api for IncrementalAlterConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<IncrementalAlterConfigsResponse> {
        let resources = self.resources.iter();
        let repeated = repeated(resources.map(|r| (r.resource_type, &*r.resource_name)));
        for resource in &self.resources {
            let size = size_of::<AlterConfigsResourceResponse>() + 128;
            call.grow(size + 2 * resource.resource_name.len())?;
        }
        let mut state = call.lock();
        // Kafka fails at it, and all of the request with it.
        let operations = alter_config_op::SET..=alter_config_op::SUBTRACT;
        let fails = self.resources.iter().any(|resource| {
            let mut configs = resource.configs.iter();
            let is_kept_by_controller = ![
                config_resource_type::BROKER,
                config_resource_type::BROKER_LOGGER,
            ]
            .contains(&resource.resource_type);
            is_kept_by_controller && configs.any(|c| !operations.contains(&c.config_operation))
        });
        let mut responses = Vec::with_capacity(self.resources.len());
        for chunk in self.resources.chunks(AT_ONCE) {
            responses.extend(chunk.iter().map(|resource| {
                let (number, name) = (resource.resource_type, &*resource.resource_name);
                let altered = if repeated.contains(&(number, name)) {
                    Err((ErrorCode::INVALID_REQUEST, Some(REPEATED.to_owned())))
                } else {
                    config_resource::check(number, name, operation::ALTER_CONFIGS, call, &state)
                        .map_err(said)
                        .and_then(|()| {
                            let only_tried = self.validate_only;
                            alter(resource, only_tried, fails, call.node(), &mut state)
                        })
                };
                let (error_code, error_message) = altered.err().unwrap_or_default();
                AlterConfigsResourceResponse {
                    error_code,
                    error_message,
                    resource_type: number,
                    resource_name: name.to_owned(),
                    ..Default::default()
                }
            }));
            drop(state);
            state = call.lock();
        }
        drop(state);
        Ok(Some(IncrementalAlterConfigsResponse {
            responses,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        let resources = self.resources.iter();
        config_resource::targets(
            resources.map(|r| (r.resource_type, &r.resource_name)),
            targets,
        );
    }
}

fn said((code, why): config_resource::Refusal) -> Refusal {
    (code, Some(why))
}

fn alter(
    asked: &AlterConfigsResource,
    validate_only: bool,
    fails: bool,
    node: i32,
    state: &mut State,
) -> Result<(), Refusal> {
    let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, Some(why)));
    let mut seen = HashSet::new();
    if !asked.configs.iter().all(|config| seen.insert(&config.name)) {
        return invalid(REPEATED_KEY.to_owned());
    }
    let is_null = |config: &&AlterableConfig| {
        config.config_operation != alter_config_op::DELETE && config.value.is_none()
    };
    let nulls = asked.configs.iter().filter(is_null);
    let nulls: Vec<&str> = nulls.map(|config| &*config.name).collect();
    if !nulls.is_empty() {
        return invalid(format!(
            "Null value not supported for : {}",
            nulls.join(", ")
        ));
    }
    if fails {
        return Err(UNKNOWN_OPERATION);
    }
    let resource =
        Resource::to_change(asked.resource_type, &asked.resource_name, node).map_err(said)?;
    if resource == Resource::Loggers {
        let configs = asked.configs.iter();
        let changes = configs.map(|c| (&*c.name, c.config_operation, c.value.as_deref()));
        return alter_logger(changes, validate_only, node, state).map_err(said);
    }
    let mut set = resource.set(state).cloned().unwrap_or_default();
    for config in &asked.configs {
        change(config, resource, &mut set, state)?;
    }
    resource.check_name().map_err(said)?;
    resource.check_values(&set, state).map_err(said)?;
    resource.check_exists(state).map_err(said)?;
    if !validate_only {
        resource.replace(set, state);
    }
    Ok(())
}

/// Changes one configuration of a resource.
fn change(
    config: &AlterableConfig,
    resource: Resource<'_>,
    set: &mut Set,
    state: &State,
) -> Result<(), Refusal> {
    let name = &*config.name;
    let value = config.value.as_deref().unwrap_or_default();
    let of_broker = matches!(resource, Resource::Broker(_));
    let word = match config.config_operation {
        alter_config_op::SET => {
            set.insert(name.to_owned(), value.to_owned());
            return Ok(());
        }
        alter_config_op::DELETE => {
            if name == MIN_INSYNC_REPLICAS && matches!(resource, Resource::Broker(Some(_))) {
                return Err((ErrorCode::INVALID_CONFIG, Some(OF_CLUSTER.to_owned())));
            }
            set.remove(name);
            return Ok(());
        }
        alter_config_op::APPEND => "append",
        alter_config_op::SUBTRACT => "subtract",
        other if of_broker => {
            let why = format!("Unknown operations type {other}");
            return Err((ErrorCode::INVALID_REQUEST, Some(why)));
        }
        _ => return Err(UNKNOWN_OPERATION),
    };
    let invalid = |why: String| Err((ErrorCode::INVALID_CONFIG, Some(why)));
    let entry = resource.entry(name);
    let is_list = entry.is_some_and(|entry| entry.kind.is_list());
    match entry {
        None if of_broker => return invalid(format!("Unknown config name: {name}")),
        _ if is_list => {}
        _ if of_broker => {
            return invalid(format!(
                "Config value {word} is not allowed for config key: {name}"
            ));
        }
        _ => {
            return invalid(format!(
                "Can't {} to key {name} because its type is not LIST.",
                word.to_uppercase()
            ));
        }
    }
    let now = match resource {
        Resource::Topic(topic) => state.topics.get(topic).map(|t| t.configs.topic(name)),
        _ => set.get(name).map(String::as_str),
    };
    let now = now.or(entry.and_then(|entry| entry.default));
    let items = now.unwrap_or_default().split(',');
    let items: Vec<&str> = items.filter(|item| !item.is_empty()).collect();
    let others: Vec<&str> = value.split(',').map(str::trim).collect();
    let seen: HashSet<&str> = match word {
        "append" => items.iter().copied().collect(),
        _ => others.iter().copied().collect(),
    };
    let new: Vec<&str> = match word {
        "append" => {
            let new = others.iter().filter(|item| !seen.contains(*item));
            items.iter().chain(new).copied().collect()
        }
        _ => items.into_iter().filter(|i| !seen.contains(i)).collect(),
    };
    set.insert(name.to_owned(), new.join(","));
    Ok(())
}
