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
use crate::state::{State, topic_entry};

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
                .and_then(|()| alter(resource, self.validate_only, &mut state));
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
            let mut set = state.configs.set.clone();
            for config in &asked.configs {
                match (config.config_operation, &config.value) {
                    (alter_config_op::SET, Some(value)) => {
                        set.insert(config.name.clone(), value.clone());
                    }
                    (alter_config_op::DELETE, _) => {
                        set.remove(&config.name);
                    }
                    _ => return Err(UNKNOWN_OPERATION),
                }
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
    let items = || now.split(',').filter(|item| !item.is_empty());
    let others = || value.split(',').map(str::trim);
    let value = match config.config_operation {
        alter_config_op::SET => value.to_owned(),
        alter_config_op::APPEND => {
            let new = others().filter(|item| !items().any(|i| i == *item));
            items().chain(new).collect::<Vec<_>>().join(",")
        }
        alter_config_op::SUBTRACT => {
            let left = items().filter(|item| !others().any(|o| o == *item));
            left.collect::<Vec<_>>().join(",")
        }
        _ => return Err(UNKNOWN_OPERATION),
    };
    entry.kind.check(name, &value).map_err(invalid)?;
    set.insert(name.to_owned(), value);
    Ok(())
}
