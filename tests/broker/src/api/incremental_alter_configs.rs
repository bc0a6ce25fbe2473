//! IncrementalAlterConfigs: changes the configuration of topics, brokers, groups and subscriptions
//! to client metrics, and the levels of loggers (KIP-339, KIP-412).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: what is set for one broker applies to all. The levels of loggers are stored, but
//! have no effect.

use std::collections::HashSet;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::alter_config_op;
use libkafka_protocol::constants::config_resource_type::{CLIENT_METRICS, GROUP, TOPIC};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterConfigsResourceResponse, AlterableConfig,
};
use libkafka_protocol::messages::{
    IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};

use super::call::{Answer, Call};
use super::config_resource::{self, Refusal, Resource};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{MIN_INSYNC_REPLICAS, OF_CLUSTER, OF_CONTROLLER, Set, State, alter_logger};

/// Kafka's answer to an unknown operation.
const UNKNOWN_OPERATION: Refusal = (ErrorCode::UNKNOWN_SERVER_ERROR, String::new());

impl Api for IncrementalAlterConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<IncrementalAlterConfigsResponse> {
        let fails = self.resources.iter().any(fails_controller);
        let only_tried = self.validate_only;
        let results =
            config_resource::change_each(&self.resources, named, call, |resource, state| {
                alter(resource, only_tried, fails, call.node(), state)
            })?;
        let responses = self.resources.into_iter().zip(results);
        let responses =
            responses.map(
                |(resource, (error_code, error_message))| AlterConfigsResourceResponse {
                    error_code,
                    error_message,
                    resource_type: resource.resource_type,
                    resource_name: resource.resource_name,
                    ..Default::default()
                },
            );
        Ok(Some(IncrementalAlterConfigsResponse {
            responses: responses.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        config_resource::targets(self.resources.iter().map(named), targets);
    }
}

fn named(resource: &AlterConfigsResource) -> (i8, &str) {
    (resource.resource_type, &resource.resource_name)
}

/// Whether Kafka's controller fails at a change, and at everything else that it gets from the same
/// request.
fn fails_controller(asked: &AlterConfigsResource) -> bool {
    let comes_to_it = [TOPIC, CLIENT_METRICS, GROUP].contains(&asked.resource_type);
    let operations = alter_config_op::SET..=alter_config_op::SUBTRACT;
    let mut configs = asked.configs.iter();
    comes_to_it
        && check(asked).is_ok()
        && configs.any(|config| !operations.contains(&config.config_operation))
}

fn check(asked: &AlterConfigsResource) -> Result<(), Refusal> {
    let lacks_value = |config: &AlterableConfig| {
        config.config_operation != alter_config_op::DELETE && config.value.is_none()
    };
    let configs = asked.configs.iter();
    config_resource::check_request(configs.map(|c| (&*c.name, lacks_value(c))))
}

fn alter(
    asked: &AlterConfigsResource,
    only_tried: bool,
    fails: bool,
    node: i32,
    state: &mut State,
) -> Result<(), Refusal> {
    check(asked)?;
    let resource = Resource::to_change(asked.resource_type, &asked.resource_name, node)?;
    if resource == Resource::Loggers {
        let configs = asked.configs.iter();
        let changes = configs.map(|c| (&*c.name, c.config_operation, c.value.as_deref()));
        return alter_logger(changes, only_tried, node, state);
    }
    let is_of_broker = matches!(resource, Resource::Broker(_));
    if fails && !is_of_broker {
        return Err(UNKNOWN_OPERATION);
    }
    let mut set = resource.set(state).cloned().unwrap_or_default();
    let mut configs = asked.configs.iter();
    let changed = configs.try_for_each(|config| change(config, resource, &mut set, state));
    match changed.and_then(|()| resource.put(set, only_tried || fails, state)) {
        Ok(()) if fails => Err(UNKNOWN_OPERATION),
        // The controller does not come to that.
        Err((_, why)) if fails && OF_CONTROLLER.contains(&&*why) => Err(UNKNOWN_OPERATION),
        changed => changed,
    }
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
                return Err((ErrorCode::INVALID_CONFIG, OF_CLUSTER.to_owned()));
            }
            set.remove(name);
            return Ok(());
        }
        alter_config_op::APPEND => "append",
        alter_config_op::SUBTRACT => "subtract",
        other if of_broker => {
            let why = format!("Unknown operations type {other}");
            return Err((ErrorCode::INVALID_REQUEST, why));
        }
        _ => return Err(UNKNOWN_OPERATION),
    };
    let invalid = |why: String| Err((ErrorCode::INVALID_CONFIG, why));
    let entry = resource.entry(name);
    // Kafka's controller does not know the types of the others.
    let is_typed = matches!(resource, Resource::Topic(_) | Resource::Broker(_));
    let is_list = is_typed && entry.is_some_and(|entry| entry.kind.is_list());
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
