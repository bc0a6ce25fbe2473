//! Checks of group configurations: which can be set, and to which values (KIP-848).

use super::broker_config_checks::broker_entry;
use super::broker_configs::{BrokerConfigs, Set};
use super::cluster::State;
use super::config_table::{ConfigEntry, config_table, find};

impl State {
    /// A group configuration as a number, such as `consumer.session.timeout.ms`: the group's own,
    /// or that of the brokers for all groups.
    pub(crate) fn group_number(&self, group: &str, name: &str, default: i64) -> i64 {
        let own = self.group_configs.get(group).and_then(|set| set.get(name));
        let own = own.and_then(|value| value.trim().parse().ok());
        own.unwrap_or_else(|| self.configs.number(&format!("group.{name}"), default))
    }
}

/// The group configuration with that name.
pub(crate) fn group_entry(name: &str) -> Option<&'static ConfigEntry> {
    find(&config_table().of_groups, name)
}

/// Refuses what a group cannot have, with Kafka's message.
pub(crate) fn check_group_configs(set: &Set, brokers: &BrokerConfigs) -> Result<(), String> {
    if let Some(name) = set.keys().find(|name| group_entry(name).is_none()) {
        return Err(format!("Unknown group config name: {name}"));
    }
    for (name, value) in set {
        if let Some(entry) = group_entry(name) {
            entry.kind.check(name, value)?;
        }
        check_offset_reset(name, value)?;
    }
    for (name, value) in set {
        check_range(name, value, brokers)?;
    }
    check_assignor(set, brokers)?;
    for protocol in ["consumer", "share", "streams"] {
        check_timeouts(protocol, set, brokers)?;
    }
    match set.get(DEAD_LETTERS) {
        Some(topic) if topic.starts_with("__") => Err(format!(
            "{DEAD_LETTERS}: DLQ topic name must not start with '__'"
        )),
        _ => Ok(()),
    }
}

/// The topic for the records that a share group fails to process.
const DEAD_LETTERS: &str = "errors.deadletterqueue.topic.name";

/// Refuses an assignor that the brokers do not have.
fn check_assignor(set: &Set, brokers: &BrokerConfigs) -> Result<(), String> {
    const NAME: &str = "streams.assignor.name";
    const ALL: &str = "group.streams.assignors";
    let Some(wanted) = set.get(NAME).map(|name| name.trim()) else {
        return Ok(());
    };
    let default = broker_entry(ALL).and_then(|entry| entry.default);
    let all = brokers.get(ALL).or(default).unwrap_or_default();
    let all: Vec<&str> = all.split(',').map(str::trim).collect();
    match all.contains(&wanted) {
        true => Ok(()),
        false => Err(format!(
            "{NAME} '{wanted}' is not a registered task assignor. Registered assignors are: [{}].",
            all.join(", ")
        )),
    }
}

/// Refuses a session timeout that is not longer than the heartbeat interval.
fn check_timeouts(protocol: &str, set: &Set, brokers: &BrokerConfigs) -> Result<(), String> {
    let names = ["session.timeout.ms", "heartbeat.interval.ms"];
    let [session, heartbeat] = names.map(|name| format!("{protocol}.{name}"));
    if !set.contains_key(&session) && !set.contains_key(&heartbeat) {
        return Ok(());
    }
    let time = |name: &str| -> Option<i64> {
        match set.get(name) {
            Some(own) => own.trim().parse().ok(),
            None => {
                let name = format!("group.{name}");
                let default = broker_entry(&name)?.default?.parse().ok()?;
                Some(brokers.number(&name, default))
            }
        }
    };
    match (time(&session), time(&heartbeat)) {
        (Some(ends), Some(next)) if ends <= next => {
            Err(format!("{session} must be greater than {heartbeat}"))
        }
        _ => Ok(()),
    }
}

/// Refuses values outside of the range that brokers set for all groups.
fn check_range(name: &str, value: &str, brokers: &BrokerConfigs) -> Result<(), String> {
    let Some((protocol, rest)) = name.split_once('.') else {
        return Ok(());
    };
    let bound = |word: &str| {
        let rest = rest.strip_prefix("num.").unwrap_or(rest);
        let name = format!("group.{protocol}.{word}.{rest}");
        let default = broker_entry(&name)?.default?.parse().ok()?;
        Some(brokers.number(&name, default))
    };
    let Ok(value) = value.trim().parse::<i64>() else {
        return Ok(());
    };
    match (bound("min"), bound("max")) {
        (Some(least), Some(most)) if !(least..=most).contains(&value) => Err(format!(
            "{name} must be in the range {least} to {most} inclusive."
        )),
        (None, Some(most)) if value > most => {
            Err(format!("{name} must be less than or equal to {most}"))
        }
        (Some(least), None) if value < least => {
            Err(format!("{name} must be greater than or equal to {least}"))
        }
        _ => Ok(()),
    }
}

fn check_offset_reset(name: &str, value: &str) -> Result<(), String> {
    const NAME: &str = "share.auto.offset.reset";
    let value = value.trim();
    let is_strategy = ["earliest", "latest"].contains(&value) || value.starts_with("by_duration:");
    if name != NAME || is_strategy {
        return Ok(());
    }
    Err(format!(
        "Invalid value {value} for configuration {NAME}: Invalid value `{value}` for configuration {NAME}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'."
    ))
}
