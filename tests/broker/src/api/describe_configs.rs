//! DescribeConfigs: the configuration of topics, brokers, groups, loggers and subscriptions.
//!
//! Versions 1 to 4.
//!
//! Unlike Kafka: a configuration that is not set and has no meaning for a broker in memory is shown
//! with Kafka's default.

use std::collections::HashSet;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::{
    BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC,
};
use libkafka_protocol::messages::describe_configs::{
    DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResult,
};
use libkafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};

use super::call::{Answer, Call};
use super::config_resource;
use super::described_config::{self, Show};
use super::handler::{Api, MALFORMED};
use crate::fault::Targets;
use crate::state::{State, check_topic_name, config_table, loggers, operation, topic_entries};

/// The approximate size of a configuration in a response, in bytes.
const CONFIG: usize = 160;

impl Api for DescribeConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeConfigsResponse> {
        let kinds = [BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC];
        if !self
            .resources
            .iter()
            .all(|r| kinds.contains(&r.resource_type))
        {
            return Ok(Some(malformed(self.resources)));
        }
        let state = call.lock();
        let show = Show {
            synonyms: self.include_synonyms,
            documentation: self.include_documentation,
        };
        for resource in &self.resources {
            call.grow(resource.resource_name.len() + size(resource, show, &state))?;
        }
        drop(state);
        let results = config_resource::each(&self.resources, call, |resource, state| {
            let (kind, name) = named(resource);
            let described =
                config_resource::check(kind, name, operation::DESCRIBE_CONFIGS, call, state)
                    .and_then(|()| describe(resource, show, call, state));
            let (error_code, error_message, configs) = match described {
                Ok(configs) => (ErrorCode::NONE, String::new(), configs),
                Err((code, why)) => (code, why, Vec::new()),
            };
            DescribeConfigsResult {
                error_code,
                error_message: Some(error_message),
                resource_type: kind,
                resource_name: name.to_owned(),
                configs,
                ..Default::default()
            }
        });
        Ok(Some(DescribeConfigsResponse {
            results,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        config_resource::targets(self.resources.iter().map(named), targets);
    }
}

/// Kafka's response if one of the resources has an unknown type.
fn malformed(resources: Vec<DescribeConfigsResource>) -> DescribeConfigsResponse {
    let results = resources.into_iter().map(|resource| DescribeConfigsResult {
        error_code: ErrorCode::INVALID_REQUEST,
        error_message: Some(MALFORMED.to_owned()),
        resource_type: resource.resource_type,
        resource_name: resource.resource_name,
        ..Default::default()
    });
    DescribeConfigsResponse {
        results: results.collect(),
        ..Default::default()
    }
}

fn named(resource: &DescribeConfigsResource) -> (i8, &str) {
    (resource.resource_type, &resource.resource_name)
}

/// The approximate maximum size of the description of a resource, in bytes.
fn size(asked: &DescribeConfigsResource, show: Show, state: &State) -> usize {
    let table = config_table();
    let (entries, own) = match asked.resource_type {
        BROKER => (&table.of_brokers, state.configs.len()),
        TOPIC => (&table.of_topics, 0),
        GROUP => (&table.of_groups, 0),
        _ => (&table.of_client_metrics, 0),
    };
    let synonyms = if show.synonyms { 2 } else { 0 };
    let named = asked.configuration_keys.as_ref().map_or(0, Vec::len);
    let count = entries.len() + own;
    let count = if named == 0 { count } else { count.min(named) };
    let mut size = count * (1 + synonyms) * CONFIG;
    if show.documentation {
        size += entries
            .iter()
            .map(|e| e.documentation_size())
            .sum::<usize>();
    }
    size
}

fn describe(
    asked: &DescribeConfigsResource,
    show: Show,
    call: &Call<'_>,
    state: &State,
) -> Result<Vec<DescribeConfigsResourceResult>, (ErrorCode, String)> {
    let name = asked.resource_name.as_str();
    let node = call.node();
    let keys = asked.configuration_keys.as_deref().unwrap_or_default();
    let keys: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let wanted = |name: &str| keys.is_empty() || keys.contains(name);
    let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
    match asked.resource_type {
        TOPIC => {
            check_topic_name(name).map_err(|why| (ErrorCode::INVALID_TOPIC_EXCEPTION, why))?;
            let topic = state.topics.get(name).ok_or_else(|| {
                let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
                (code, String::new())
            })?;
            let entries = topic_entries().filter(|entry| wanted(entry.name));
            let described =
                entries.map(|e| described_config::of_topic(e, &topic.configs, node, show));
            Ok(described.collect())
        }
        BROKER if name.is_empty() => Ok(described_config::of_all(state, show)
            .filter(|config| wanted(&config.name))
            .collect()),
        BROKER => match name.parse::<i32>() {
            Ok(id) if id == node => Ok(described_config::of_broker(node, state, wanted, show)),
            Ok(id) => invalid(format!(
                "Unexpected broker id, expected {node} or empty string, but received {id}"
            )),
            Err(_) => invalid(format!("Broker id must be an integer, but it is: {name}")),
        },
        BROKER_LOGGER if name.is_empty() => invalid("Broker id must not be empty".to_owned()),
        BROKER_LOGGER => match name.parse::<i32>() {
            Ok(id) if id == node => {
                let loggers = loggers(node, state).filter(|(name, _)| wanted(name));
                Ok(loggers.map(described_config::of_logger).collect())
            }
            Ok(id) => invalid(format!(
                "Unexpected broker id, expected {node} but received {id}"
            )),
            Err(_) => invalid(format!("Broker id must be an integer, but it is: {name}")),
        },
        CLIENT_METRICS if name.is_empty() => {
            invalid("Client metrics subscription name must not be empty".to_owned())
        }
        CLIENT_METRICS => {
            let entries = config_table().of_client_metrics.iter();
            let set = state.client_metrics.get(name);
            let entries = entries.filter(|entry| wanted(entry.name));
            let described = entries.map(|e| described_config::of_client_metrics(e, set, show));
            Ok(described.collect())
        }
        GROUP if name.is_empty() => invalid("Group name must not be empty".to_owned()),
        GROUP => {
            let entries = config_table().of_groups.iter();
            let entries = entries.filter(|entry| !entry.is_internal && wanted(entry.name));
            let set = state.group_configs.get(name);
            let described =
                entries.map(|e| described_config::of_group(e, set, &state.configs, node, show));
            Ok(described.collect())
        }
        _ => invalid(MALFORMED.to_owned()),
    }
}
