//! [`Resource`]: something whose configuration can be described and changed: topics, brokers,
//! groups, loggers and subscriptions to client metrics.

use std::collections::{BTreeMap, HashMap, HashSet};

use libkafka_protocol::constants::config_resource_type as kind;
use libkafka_protocol::{ErrorCode, Uuid};

use super::authorize::CLUSTER;
use super::call::{Call, Hangup};
use super::message::message;
use crate::fault::Targets;
use crate::state::{
    ConfigEntry, Set, State, broker_entry, check_change, check_client_metrics, check_group_configs,
    check_topic_configs, check_topic_name, client_metrics_entry, group_entry, operation,
    resource_type, topic_entry,
};

/// The number of resources that are described or changed before other requests have their turn.
const AT_ONCE: usize = 10;
/// The approximate size of the result of a change in a response, without the name, in bytes.
const RESULT: usize = 200;

/// Kafka's message about a resource that occurs more than once in a request.
const REPEATED: &str = "Each resource must appear at most once.";

/// Why a resource cannot be described or changed, with Kafka's message; empty if it sends none.
pub(super) type Refusal = (ErrorCode, String);

/// Something that has a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource<'a> {
    Topic(&'a str),
    /// One node, or all nodes.
    Broker(Option<i32>),
    Loggers,
    ClientMetrics(&'a str),
    Group(&'a str),
}

impl<'a> Resource<'a> {
    /// The resource of a change, if `node` can change it.
    ///
    /// # Errors
    /// If there can be no such resource, or it belongs to another node.
    pub(super) fn to_change(number: i8, name: &'a str, node: i32) -> Result<Self, Refusal> {
        let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
        match number {
            kind::TOPIC => Ok(Self::Topic(name)),
            kind::BROKER if name.is_empty() => Ok(Self::Broker(None)),
            kind::BROKER => match parse_node(name)? {
                id if id == node => Ok(Self::Broker(Some(id))),
                id => invalid(format!(
                    "Unexpected broker id, expected {node}, but received {id}"
                )),
            },
            kind::BROKER_LOGGER => match parse_node(name)? {
                id if id == node => Ok(Self::Loggers),
                id => invalid(format!(
                    "Unexpected node id. Expected {node}, but received {id}"
                )),
            },
            kind::CLIENT_METRICS => Ok(Self::ClientMetrics(name)),
            kind::GROUP => Ok(Self::Group(name)),
            other => invalid(format!("Unknown resource type {other}")),
        }
    }

    /// Its configuration entry with that name, if there is one.
    pub(super) fn entry(self, name: &str) -> Option<&'static ConfigEntry> {
        match self {
            Self::Topic(_) => topic_entry(name),
            Self::Broker(_) => broker_entry(name),
            Self::Loggers => None,
            Self::ClientMetrics(_) => client_metrics_entry(name),
            Self::Group(_) => group_entry(name),
        }
    }

    /// Replaces its configuration, or only checks the new one if it is `only_tried`.
    pub(super) fn put(self, set: Set, only_tried: bool, state: &mut State) -> Result<(), Refusal> {
        self.check_name()?;
        self.check_values(&set, state)?;
        self.check_exists(state)?;
        if !only_tried {
            self.replace(set, state);
        }
        Ok(())
    }

    /// Refuses an invalid name.
    fn check_name(self) -> Result<(), Refusal> {
        let invalid = |why: &str| Err((ErrorCode::INVALID_REQUEST, why.to_owned()));
        match self {
            Self::Topic("") => invalid("Default topic resources are not allowed."),
            Self::Topic(name) => {
                check_topic_name(name).map_err(|why| (ErrorCode::INVALID_TOPIC_EXCEPTION, why))
            }
            Self::ClientMetrics("") => invalid("Subscription name can't be empty"),
            Self::Group("") => invalid("Default group resources are not allowed."),
            _ => Ok(()),
        }
    }

    /// Refuses a topic that does not exist.
    fn check_exists(self, state: &State) -> Result<(), Refusal> {
        match self {
            Self::Topic(name) if !state.topics.contains_key(name) => {
                let why = format!("The topic '{name}' does not exist.");
                Err((ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, why))
            }
            _ => Ok(()),
        }
    }

    /// The configuration that was set for it.
    pub(super) fn set(self, state: &State) -> Option<&Set> {
        match self {
            Self::Topic(name) => state.topics.get(name).map(|topic| &topic.configs.set),
            Self::Broker(node) => state.configs.dynamic(node),
            Self::Loggers => None,
            Self::ClientMetrics(name) => state.client_metrics.get(name),
            Self::Group(name) => state.group_configs.get(name),
        }
    }

    /// Refuses invalid values.
    fn check_values(self, set: &Set, state: &State) -> Result<(), Refusal> {
        let config = |why| (ErrorCode::INVALID_CONFIG, why);
        match self {
            Self::Topic(_) => check_topic_configs(set).map_err(config),
            Self::Broker(node) => check_change(set, node, &state.configs),
            Self::Loggers => Ok(()),
            Self::ClientMetrics(_) => check_client_metrics(set),
            Self::Group(_) => check_group_configs(set, &state.configs).map_err(config),
        }
    }

    /// Replaces the configuration that was set for it.
    fn replace(self, set: Set, state: &mut State) {
        match self {
            Self::Topic(name) => state.set_topic_configs(name, set),
            Self::Broker(node) => state.set_broker_configs(node, set),
            Self::Loggers => {}
            Self::ClientMetrics(name) => replace(&mut state.client_metrics, name, set),
            Self::Group(name) => replace(&mut state.group_configs, name, set),
        }
        state.mark_changed();
    }
}

fn replace(all: &mut BTreeMap<String, Set>, name: &str, set: Set) {
    if set.is_empty() {
        all.remove(name);
    } else {
        all.insert(name.to_owned(), set);
    }
}

fn parse_node(name: &str) -> Result<i32, Refusal> {
    name.parse().map_err(|_| {
        let why = format!("Node id must be an integer, but it is: {name}");
        (ErrorCode::INVALID_REQUEST, why)
    })
}

/// Describes or changes each resource of a request, and lets other requests have their turn in
/// between.
pub(super) fn each<R, T>(
    resources: &[R],
    call: &Call<'_>,
    mut one: impl FnMut(&R, &mut State) -> T,
) -> Vec<T> {
    let mut results = Vec::with_capacity(resources.len());
    for chunk in resources.chunks(AT_ONCE) {
        let mut state = call.lock();
        results.extend(chunk.iter().map(|resource| one(resource, &mut state)));
    }
    results
}

/// Changes each resource of a request if it occurs once and the sender may change it. `named`
/// returns the type and the name of a resource. Returns the result of each.
///
/// # Errors
/// If the response gets too large.
pub(super) fn change_each<R>(
    resources: &[R],
    named: impl Fn(&R) -> (i8, &str),
    call: &Call<'_>,
    mut change: impl FnMut(&R, &mut State) -> Result<(), Refusal>,
) -> Result<Vec<(ErrorCode, Option<String>)>, Hangup> {
    let mut times = HashMap::new();
    for resource in resources.iter().map(&named) {
        call.grow(RESULT + 2 * resource.1.len())?;
        *times.entry(resource).or_insert(0) += 1;
    }
    let results = each(resources, call, |resource, state| {
        let (number, name) = named(resource);
        let changed = match times[&(number, name)] {
            1 => check(number, name, operation::ALTER_CONFIGS, call, state)
                .and_then(|()| change(resource, state)),
            _ => Err((ErrorCode::INVALID_REQUEST, REPEATED.to_owned())),
        };
        match changed {
            Ok(()) => (ErrorCode::NONE, None),
            Err((code, why)) => (code, Some(why).filter(|why| !why.is_empty())),
        }
    });
    Ok(results)
}

/// Refuses a change in which a configuration occurs twice, or lacks the value that it needs.
pub(super) fn check_request<'a>(
    configs: impl Iterator<Item = (&'a str, bool)>,
) -> Result<(), Refusal> {
    let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
    let mut seen = HashSet::new();
    let mut nulls = Vec::new();
    for (name, lacks_value) in configs {
        if !seen.insert(name) {
            return invalid("Error due to duplicate config keys".to_owned());
        }
        if lacks_value {
            nulls.push(name);
        }
    }
    match nulls.is_empty() {
        true => Ok(()),
        false => invalid(format!(
            "Null value not supported for : {}",
            nulls.join(", ")
        )),
    }
}

/// Adds the topics among resources of these types and names.
pub(super) fn targets<'a>(resources: impl Iterator<Item = (i8, &'a str)>, targets: &mut Targets) {
    for (_, name) in resources.filter(|(number, _)| *number == kind::TOPIC) {
        targets.topic(name, Uuid::ZERO);
    }
}

/// Refuses a topic to which a fault applies, and what the sender may not do.
pub(super) fn check(
    number: i8,
    name: &str,
    operation: i8,
    call: &Call<'_>,
    state: &State,
) -> Result<(), Refusal> {
    let (resource, name, code) = match number {
        kind::TOPIC => return call.check_topic(name),
        kind::GROUP => {
            let code = ErrorCode::GROUP_AUTHORIZATION_FAILED;
            (resource_type::GROUP, name, code)
        }
        _ => {
            let code = ErrorCode::CLUSTER_AUTHORIZATION_FAILED;
            (resource_type::CLUSTER, CLUSTER, code)
        }
    };
    match call.may(state, operation, resource, name) {
        true => Ok(()),
        false => Err((code, message(code).unwrap_or_default())),
    }
}
