//! Checks of broker configurations: which can be set, and to which values.

use std::collections::HashSet;

use libkafka_protocol::ErrorCode;

use super::broker_configs::{BrokerConfigs, MIN_INSYNC_REPLICAS, Set};
use super::config_table::{ConfigEntry, Mode, config_table, find};

/// The numbers of threads, which may be doubled or halved in one change.
const THREADS: &[&str] = &[
    "background.threads",
    "num.io.threads",
    "num.network.threads",
    "num.recovery.threads.per.data.dir",
    "num.replica.fetchers",
];

/// The number of threads that clean logs, which has messages of its own.
const CLEANERS: &str = "log.cleaner.threads";

/// How long brokers keep batches, in milliseconds.
const RETENTION: &str = "log.retention.ms";

/// The maximum number of connections of a broker.
const CONNECTIONS: &str = "max.connections";

/// Kafka's message when `min.insync.replicas` of one broker should change.
pub(crate) const OF_CLUSTER: &str =
    "Broker-level min.insync.replicas cannot be altered while ELR is enabled.";

/// Kafka's message when `min.insync.replicas` of all brokers should be removed.
const NEVER_WITHOUT: &str =
    "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.";

/// What Kafka's controller refuses of a broker's configurations; the rest is refused before it.
pub(crate) const OF_CONTROLLER: [&str; 2] = [OF_CLUSTER, NEVER_WITHOUT];

/// The broker configuration with that name.
pub(crate) fn broker_entry(name: &str) -> Option<&'static ConfigEntry> {
    find(&config_table().of_brokers, name)
}

/// Refuses a value with which a broker cannot start. Unknown names accept any value.
pub(crate) fn check_at_start(name: &str, value: &str) -> Result<(), String> {
    broker_entry(name).map_or(Ok(()), |entry| entry.kind.check(name, value))
}

/// Refuses what cannot be set while brokers are running, for one node or for all, with Kafka's
/// message. `configs` is what is currently set.
pub(crate) fn check_change(
    set: &Set,
    node: Option<i32>,
    configs: &BrokerConfigs,
) -> Result<(), (ErrorCode, String)> {
    let refuse = |mode: Mode, why: &str| {
        let names = set.keys().map(String::as_str);
        let named: Vec<&str> = names.filter(|name| mode_of(name) == Some(mode)).collect();
        if named.is_empty() {
            return Ok(());
        }
        let why = format!("{why}: [{}]", named.join(", "));
        Err((ErrorCode::INVALID_REQUEST, why))
    };
    refuse(Mode::ReadOnly, "Cannot update these configs dynamically")?;
    refuse(
        Mode::PerListener,
        "These security configs can be dynamically updated only per-listener using the listener prefix",
    )?;
    let invalid = |why| (ErrorCode::INVALID_REQUEST, why);
    for (name, value) in set {
        check_at_start(name, value).map_err(invalid)?;
        check_once(name, value).map_err(invalid)?;
    }
    if set.get(RETENTION).is_some_and(|time| time.trim() == "0") {
        return Err(invalid(format!(
            "requirement failed: {RETENTION} must be unlimited (-1) or, greater than or equal to 1"
        )));
    }
    if node.is_none() {
        refuse(
            Mode::PerBroker,
            "Cannot update these configs at default cluster level, broker id must be specified",
        )?;
    }
    for name in THREADS.iter().chain([&CLEANERS]) {
        if let Some(value) = set.get(*name) {
            check_threads(name, value, configs).map_err(invalid)?;
        }
    }
    if let Some(most) = set.get(CONNECTIONS).map(|most| most.trim())
        && most.parse::<i64>().is_ok_and(|most| most < 1)
    {
        let why = format!("Invalid {CONNECTIONS} {most}");
        return Err(invalid(in_reconfiguration(&why)));
    }
    // Since there are eligible leader replicas.
    let has_least = set.contains_key(MIN_INSYNC_REPLICAS);
    let why = match node {
        None if !has_least => NEVER_WITHOUT,
        Some(_) if has_least => OF_CLUSTER,
        _ => return Ok(()),
    };
    Err((ErrorCode::INVALID_CONFIG, why.to_owned()))
}

/// The configurations that a listener may have for itself on all brokers.
const OF_LISTENERS: &[&str] = &[
    "max.connection.creation.rate",
    "max.connections",
    "num.network.threads",
];

/// How a configuration may change, if it is one of brokers or of one of their listeners.
fn mode_of(name: &str) -> Option<Mode> {
    let listener = name.strip_prefix("listener.name.");
    match listener.and_then(|rest| rest.split_once('.')) {
        Some((_, own)) if OF_LISTENERS.contains(&own) => Some(Mode::ClusterWide),
        Some(_) => Some(Mode::PerBroker),
        None => broker_entry(name).map(|entry| entry.mode),
    }
}

/// Refuses a list with an item that occurs twice, which Kafka accepts for topics.
fn check_once(name: &str, value: &str) -> Result<(), String> {
    let is_list = broker_entry(name).is_some_and(|entry| entry.kind.is_list());
    let mut seen = HashSet::new();
    if is_list && !value.split(',').all(|item| seen.insert(item.trim())) {
        return Err(format!(
            "Configuration '{name}' values must not be duplicated."
        ));
    }
    Ok(())
}

fn check_threads(name: &str, value: &str, configs: &BrokerConfigs) -> Result<(), String> {
    let Ok(new) = value.trim().parse::<i64>() else {
        return Ok(());
    };
    let default = broker_entry(name).and_then(|entry| entry.default);
    let default = default.and_then(|default| default.parse().ok());
    let now = configs.number(name, default.unwrap_or(1));
    let why = match name {
        CLEANERS if new < 1 => "Log cleaner threads should be at least 1".to_owned(),
        CLEANERS if new < now / 2 => format!(
            "Log cleaner threads cannot be reduced to less than half the current value {now}"
        ),
        CLEANERS if new > now * 2 => format!(
            "Log cleaner threads cannot be increased to more than double the current value {now}"
        ),
        _ if new < now / 2 => format!(
            "Dynamic thread count update validation failed for {name}={new}, value should be at least half the current value {now}"
        ),
        _ if new > now * 2 => format!(
            "Dynamic thread count update validation failed for {name}={new}, value should not be greater than double the current value {now}"
        ),
        _ => return Ok(()),
    };
    Err(in_reconfiguration(&why))
}

/// Kafka's message if a part of the broker refuses its new configuration.
fn in_reconfiguration(why: &str) -> String {
    format!(
        "Invalid value org.apache.kafka.common.config.ConfigException: {why} for configuration Invalid dynamic configuration"
    )
}
