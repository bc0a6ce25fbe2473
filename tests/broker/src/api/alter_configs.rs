//! AlterConfigs: replaces everything that was set for topics, brokers, groups and subscriptions.
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: a resource that occurs twice is refused, whereas Kafka never answers. What is set
//! for one broker applies to all.

use std::collections::{HashMap, HashSet};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::BROKER_LOGGER;
use libkafka_protocol::messages::alter_configs::{
    AlterConfigsResource, AlterConfigsResourceResponse,
};
use libkafka_protocol::messages::{AlterConfigsRequest, AlterConfigsResponse};

use super::call::{Answer, Call};
use super::config_resource::{self, AT_ONCE, Refusal, Resource};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Set, State, operation};

/// Kafka's message about a resource that occurs more than once in a request.
pub(super) const REPEATED: &str = "Each resource must appear at most once.";
/// Kafka's message about a configuration that occurs more than once for a resource.
pub(super) const REPEATED_KEY: &str = "Error due to duplicate config keys";

impl Api for AlterConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<AlterConfigsResponse> {
        let resources = self.resources.iter();
        let repeated = repeated(resources.map(|r| (r.resource_type, &*r.resource_name)));
        for resource in &self.resources {
            let size = size_of::<AlterConfigsResourceResponse>() + 128;
            call.grow(size + 2 * resource.resource_name.len())?;
        }
        let mut state = call.lock();
        let mut responses = Vec::with_capacity(self.resources.len());
        for chunk in self.resources.chunks(AT_ONCE) {
            responses.extend(chunk.iter().map(|resource| {
                let (number, name) = (resource.resource_type, &*resource.resource_name);
                let altered = if repeated.contains(&(number, name)) {
                    Err((ErrorCode::INVALID_REQUEST, REPEATED.to_owned()))
                } else {
                    config_resource::check(number, name, operation::ALTER_CONFIGS, call, &state)
                        .and_then(|()| alter(resource, self.validate_only, call.node(), &mut state))
                };
                let (error_code, error_message) = match altered {
                    Ok(()) => (ErrorCode::NONE, None),
                    Err((code, why)) => (code, Some(why)),
                };
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
        Ok(Some(AlterConfigsResponse {
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

/// The resources that occur more than once.
pub(super) fn repeated<'a>(
    resources: impl Iterator<Item = (i8, &'a str)>,
) -> HashSet<(i8, &'a str)> {
    let mut seen = HashMap::new();
    for resource in resources {
        *seen.entry(resource).or_insert(0) += 1;
    }
    let repeated = seen.into_iter().filter(|(_, times)| *times > 1);
    repeated.map(|(resource, _)| resource).collect()
}

fn alter(
    asked: &AlterConfigsResource,
    validate_only: bool,
    node: i32,
    state: &mut State,
) -> Result<(), Refusal> {
    let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
    let mut seen = HashSet::new();
    if !asked.configs.iter().all(|config| seen.insert(&config.name)) {
        return invalid(REPEATED_KEY.to_owned());
    }
    let nulls = asked.configs.iter().filter(|config| config.value.is_none());
    let nulls: Vec<&str> = nulls.map(|config| &*config.name).collect();
    if !nulls.is_empty() {
        return invalid(format!(
            "Null value not supported for : {}",
            nulls.join(", ")
        ));
    }
    if asked.resource_type == BROKER_LOGGER {
        return invalid(format!("Unknown resource type {BROKER_LOGGER}"));
    }
    let resource = Resource::to_change(asked.resource_type, &asked.resource_name, node)?;
    let configs = asked.configs.iter();
    let set: Set = configs
        .filter_map(|config| Some((config.name.clone(), config.value.clone()?)))
        .collect();
    resource.check_name()?;
    resource.check_values(&set, state)?;
    resource.check_exists(state)?;
    if !validate_only {
        resource.replace(set, state);
    }
    Ok(())
}
