//! IncrementalAlterConfigs: changes the configuration of topics and brokers (KIP-339).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: what is set for one broker is set for all. Groups, loggers and client metrics are
//! refused.

use std::collections::{BTreeMap, HashSet};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::alter_config_op;
use libkafka_protocol::constants::config_resource_type::{BROKER, TOPIC};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterConfigsResourceResponse, AlterableConfig,
};
use libkafka_protocol::messages::{
    IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};

use super::call::{Answer, Call};
use super::config_resource;
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{State, check_change, is_list, topic_entry};

/// What Kafka makes of an operation that there is not.
const UNKNOWN_OPERATION: Refusal = (ErrorCode::UNKNOWN_SERVER_ERROR, None);

type Refusal = (ErrorCode, Option<String>);

impl Api for IncrementalAlterConfigsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<IncrementalAlterConfigsResponse> {
        let mut state = call.lock();
        let responses = self.resources.iter().map(|resource| {
            let (kind, name) = (resource.resource_type, &resource.resource_name);
            let altered = config_resource::check(kind, name, call)
                .map_err(|(code, why)| (code, Some(why)))
                .and_then(|()| alter(resource, self.validate_only, call.node(), &mut state));
            let (error_code, error_message) = match altered {
                Ok(()) => (ErrorCode::NONE, None),
                Err((code, why)) => (code, why),
            };
            AlterConfigsResourceResponse {
                error_code,
                error_message,
                resource_type: resource.resource_type,
                resource_name: resource.resource_name.clone(),
                ..Default::default()
            }
        });
        let responses = responses.collect();
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

fn alter(
    asked: &AlterConfigsResource,
    validate_only: bool,
    node: i32,
    state: &mut State,
) -> Result<(), Refusal> {
    let name = asked.resource_name.as_str();
    let mut seen = HashSet::new();
    let mut configs = asked.configs.iter();
    if let Some(twice) = configs.find(|config| !seen.insert(&config.name)) {
        let why = format!("Error due to duplicate config keys: {}", twice.name);
        return Err((ErrorCode::INVALID_REQUEST, Some(why)));
    }
    match asked.resource_type {
        TOPIC => {
            let topic = state.topics.get(name).ok_or_else(|| {
                let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
                (code, Some(format!("The topic '{name}' does not exist.")))
            })?;
            let mut set = topic.configs.set.clone();
            for config in &asked.configs {
                let now = topic.configs.topic(&config.name);
                alter_topic(config, now, &mut set)?;
            }
            if !validate_only {
                let configs = state.configs.for_topic(set);
                if let Some(topic) = state.topics.get_mut(name) {
                    topic.configs = configs;
                }
            }
        }
        BROKER => {
            let null = |config: &&AlterableConfig| {
                config.config_operation != alter_config_op::DELETE && config.value.is_none()
            };
            if let Some(null) = asked.configs.iter().find(null) {
                let why = format!("Null value not supported for : {}", null.name);
                return Err((ErrorCode::INVALID_REQUEST, Some(why)));
            }
            check_broker(name, node).map_err(|why| (ErrorCode::INVALID_REQUEST, Some(why)))?;
            let mut set = state.configs.set.clone();
            for config in &asked.configs {
                alter_broker(config, !name.is_empty(), &mut set)?;
            }
            if !validate_only {
                state.set_broker_configs(set);
            }
        }
        other => {
            return Err((
                ErrorCode::INVALID_REQUEST,
                Some(format!("Unexpected resource type {other}.")),
            ));
        }
    }
    state.mark_changed();
    Ok(())
}

/// Refuses the name of a broker that is not the one that is asked, nor all.
fn check_broker(name: &str, node: i32) -> Result<(), String> {
    match name.parse::<i32>() {
        _ if name.is_empty() => Ok(()),
        Ok(id) if id == node => Ok(()),
        Ok(id) => Err(format!(
            "Unexpected broker id, expected {node}, but received {id}"
        )),
        Err(_) => Err(format!("Node id must be an integer, but it is: {name}")),
    }
}

/// Changes one configuration of brokers, of one or of all.
fn alter_broker(
    config: &AlterableConfig,
    of_one: bool,
    set: &mut BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let name = &config.name;
    let value = config.value.as_deref().unwrap_or_default();
    let word = match config.config_operation {
        alter_config_op::SET => None,
        alter_config_op::DELETE => {
            set.remove(name);
            return Ok(());
        }
        alter_config_op::APPEND => Some("append"),
        alter_config_op::SUBTRACT => Some("subtract"),
        other => {
            let why = format!("Unknown operations type {other}");
            return Err((ErrorCode::INVALID_REQUEST, Some(why)));
        }
    };
    if let Some(word) = word.filter(|_| !is_list(name)) {
        let why = format!("Config value {word} is not allowed for config key: {name}");
        return Err((ErrorCode::INVALID_CONFIG, Some(why)));
    }
    let now = set.get(name).map(String::as_str).unwrap_or_default();
    let value = changed_list(config.config_operation, now, value).unwrap_or(value.to_owned());
    check_change(name, &value, of_one).map_err(|(code, why)| (code, Some(why)))?;
    set.insert(name.clone(), value);
    Ok(())
}

/// A list with items added or taken out. None for other operations.
fn changed_list(operation: i8, now: &str, value: &str) -> Option<String> {
    let items = || now.split(',').filter(|item| !item.is_empty());
    let others = || value.split(',').map(str::trim);
    match operation {
        alter_config_op::APPEND => {
            let new = others().filter(|item| !items().any(|i| i == *item));
            Some(items().chain(new).collect::<Vec<_>>().join(","))
        }
        alter_config_op::SUBTRACT => {
            let left = items().filter(|item| !others().any(|o| o == *item));
            Some(left.collect::<Vec<_>>().join(","))
        }
        _ => None,
    }
}

/// Changes one configuration of a topic, whose value is `now`.
fn alter_topic(
    config: &AlterableConfig,
    now: &str,
    set: &mut BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let name = config.name.as_str();
    let invalid = |why: String| (ErrorCode::INVALID_CONFIG, Some(why));
    let entry = topic_entry(name);
    let entry = entry.ok_or_else(|| invalid(format!("Unknown topic config name: {name}")))?;
    if config.config_operation == alter_config_op::DELETE {
        set.remove(name);
        return Ok(());
    }
    let value = config.value.as_deref().ok_or_else(|| {
        let why = format!("Null value not supported for : {name}");
        (ErrorCode::INVALID_REQUEST, Some(why))
    })?;
    let changes_list =
        [alter_config_op::APPEND, alter_config_op::SUBTRACT].contains(&config.config_operation);
    if changes_list && !entry.kind.is_list() {
        return Err(invalid(format!(
            "Can't {} to key {name} because its type is not LIST.",
            if config.config_operation == alter_config_op::APPEND {
                "APPEND"
            } else {
                "SUBTRACT"
            }
        )));
    }
    let value = match config.config_operation {
        alter_config_op::SET => value.to_owned(),
        operation => changed_list(operation, now, value).ok_or(UNKNOWN_OPERATION)?,
    };
    entry.kind.check(name, &value).map_err(invalid)?;
    set.insert(name.to_owned(), value);
    Ok(())
}
