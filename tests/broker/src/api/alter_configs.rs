//! AlterConfigs: replaces everything that was set for topics, brokers, groups and subscriptions.
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: a resource that occurs twice is refused, whereas Kafka never answers. What is set
//! for one broker applies to all.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::BROKER_LOGGER;
use libkafka_protocol::messages::alter_configs::{
    AlterConfigsResource, AlterConfigsResourceResponse,
};
use libkafka_protocol::messages::{AlterConfigsRequest, AlterConfigsResponse};

use super::call::{Answer, Call};
use super::config_resource::{self, Refusal, Resource};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Set, State};

impl Api for AlterConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<AlterConfigsResponse> {
        let only_tried = self.validate_only;
        let results =
            config_resource::change_each(&self.resources, named, call, |resource, state| {
                alter(resource, only_tried, call.node(), state)
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
        Ok(Some(AlterConfigsResponse {
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

fn alter(
    asked: &AlterConfigsResource,
    only_tried: bool,
    node: i32,
    state: &mut State,
) -> Result<(), Refusal> {
    let configs = asked.configs.iter();
    config_resource::check_request(configs.map(|c| (&*c.name, c.value.is_none())))?;
    if asked.resource_type == BROKER_LOGGER {
        let why = format!("Unknown resource type {BROKER_LOGGER}");
        return Err((ErrorCode::INVALID_REQUEST, why));
    }
    let resource = Resource::to_change(asked.resource_type, &asked.resource_name, node)?;
    let configs = asked.configs.iter();
    let set: Set = configs
        .filter_map(|config| Some((config.name.clone(), config.value.clone()?)))
        .collect();
    resource.put(set, only_tried, state)
}
