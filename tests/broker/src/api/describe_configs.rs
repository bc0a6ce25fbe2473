//! DescribeConfigs: the configuration of topics and brokers.
//!
//! Versions 1 to 4.
//!
//! Unlike Kafka: of a broker it shows what was set, its id and rack, and the defaults of its
//! topics, not all that Kafka has; no documentation. A group has nothing of its own.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::{BROKER, GROUP, TOPIC};
use libkafka_protocol::messages::describe_configs::{
    DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResult,
    DescribeConfigsSynonym,
};
use libkafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};

use super::call::{Answer, Call};
use super::config_resource;
use super::handler::{Api, MALFORMED};
use crate::fault::Targets;
use crate::state::{ConfigEntry, Configs, Node, State, TOPIC_CONFIGS, check_topic_name, source};

/// The type of a broker's configuration that means nothing here.
const STRING: i8 = 2;
/// The type of a number.
const INT: i8 = 3;

/// What a configuration takes up in a response, more or less.
const CONFIG: usize = 160;

impl Api for DescribeConfigsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeConfigsResponse> {
        let state = call.lock();
        for resource in &self.resources {
            let set = state.configs.set.len() + TOPIC_CONFIGS.len();
            let synonyms = if self.include_synonyms { 2 } else { 0 };
            call.grow(resource.resource_name.len() + set * (1 + synonyms) * CONFIG)?;
        }
        let results = self.resources.iter().map(|resource| {
            let (kind, name) = (resource.resource_type, &resource.resource_name);
            let described = config_resource::check(kind, name, call)
                .and_then(|()| describe(resource, self.include_synonyms, call, &state));
            let (error_code, error_message, configs) = match described {
                Ok(configs) => (ErrorCode::NONE, String::new(), configs),
                Err((code, why)) => (code, why, Vec::new()),
            };
            DescribeConfigsResult {
                error_code,
                error_message: Some(error_message),
                resource_type: resource.resource_type,
                resource_name: resource.resource_name.clone(),
                configs,
                ..Default::default()
            }
        });
        Ok(Some(DescribeConfigsResponse {
            results: results.collect(),
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

fn describe(
    asked: &DescribeConfigsResource,
    synonyms: bool,
    call: &Call<'_>,
    state: &State,
) -> Result<Vec<DescribeConfigsResourceResult>, (ErrorCode, String)> {
    let name = asked.resource_name.as_str();
    let keys = asked.configuration_keys.as_deref().unwrap_or_default();
    let wanted = |name: &str| keys.is_empty() || keys.iter().any(|key| key == name);
    match asked.resource_type {
        TOPIC => {
            check_topic_name(name).map_err(|why| (ErrorCode::INVALID_TOPIC_EXCEPTION, why))?;
            let topic = state.topics.get(name).ok_or_else(|| {
                let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
                (code, String::new())
            })?;
            let entries = TOPIC_CONFIGS.iter().filter(|entry| wanted(entry.name));
            Ok(entries
                .map(|entry| of_topic(entry, &topic.configs, synonyms))
                .collect())
        }
        BROKER => {
            let node = call.node();
            if !(name.is_empty() || name == node.to_string()) {
                return Err((
                    ErrorCode::INVALID_REQUEST,
                    format!(
                        "Unexpected broker id, expected {node} or empty string, but received {name}"
                    ),
                ));
            }
            let node = state.nodes.get(&node).filter(|_| !name.is_empty());
            Ok(of_broker(&state.configs, node, wanted))
        }
        // Groups have their configuration from the brokers here.
        GROUP => Ok(Vec::new()),
        _ => Err((ErrorCode::INVALID_REQUEST, MALFORMED.to_owned())),
    }
}

fn of_topic(
    entry: &ConfigEntry,
    configs: &Configs,
    synonyms: bool,
) -> DescribeConfigsResourceResult {
    let synonym = |(name, value, source): (&str, &str, i8)| DescribeConfigsSynonym {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        source,
        ..Default::default()
    };
    DescribeConfigsResourceResult {
        name: entry.name.to_owned(),
        value: Some(configs.topic_value(entry).to_owned()),
        config_source: configs.topic_source(entry),
        config_type: entry.kind.number(),
        documentation: None,
        synonyms: if synonyms {
            configs.synonyms(entry).into_iter().map(synonym).collect()
        } else {
            Vec::new()
        },
        ..Default::default()
    }
}

/// What a node is by itself, what has been set for all, and the defaults of what topics take from
/// them.
fn of_broker(
    configs: &Configs,
    node: Option<&Node>,
    wanted: impl Fn(&str) -> bool,
) -> Vec<DescribeConfigsResourceResult> {
    let result =
        |name: &str, value: &str, config_source, config_type| DescribeConfigsResourceResult {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            config_source,
            config_type,
            documentation: None,
            ..Default::default()
        };
    let id = node.map(|node| ("node.id", node.id.to_string(), INT));
    let rack = node.and_then(|node| Some(("broker.rack", node.rack.clone()?, STRING)));
    let own = id
        .into_iter()
        .chain(rack)
        .map(|(name, value, kind)| DescribeConfigsResourceResult {
            read_only: true,
            ..result(name, &value, source::STATIC_BROKER, kind)
        });
    let set = configs.set.iter();
    let set = set.map(|(name, value)| result(name, value, source::STATIC_BROKER, STRING));
    let defaults = TOPIC_CONFIGS
        .iter()
        .filter(|entry| !entry.broker.is_empty() && !configs.set.contains_key(entry.broker))
        .map(|entry| {
            result(
                entry.broker,
                entry.default,
                source::DEFAULT,
                entry.kind.number(),
            )
        });
    let mut all: Vec<_> = own
        .chain(set)
        .chain(defaults)
        .filter(|config| wanted(&config.name))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
