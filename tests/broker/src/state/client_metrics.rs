//! Checks of subscriptions to client metrics: which configurations can be set, and to which values
//! (KIP-714).

use libkafka_protocol::ErrorCode;

use super::broker_configs::Set;
use super::config_table::{ConfigEntry, config_table, find};
use super::pattern::whole;

/// What a subscription can match clients by.
const MATCHES: [&str; 6] = [
    "client_id",
    "client_instance_id",
    "client_software_name",
    "client_software_version",
    "client_source_address",
    "client_source_port",
];

/// The most expressions that are tried, and the maximum length of one, since other requests wait
/// meanwhile.
const MOST_TRIED: usize = 16;
const LONGEST_TRIED: usize = 256;

/// The configuration of subscriptions with that name.
pub(crate) fn client_metrics_entry(name: &str) -> Option<&'static ConfigEntry> {
    find(&config_table().of_client_metrics, name)
}

/// Refuses what a subscription cannot have, with Kafka's message.
pub(crate) fn check_client_metrics(set: &Set) -> Result<(), (ErrorCode, String)> {
    let request = |why| (ErrorCode::INVALID_REQUEST, why);
    let config = |why| (ErrorCode::INVALID_CONFIG, why);
    for name in set.keys() {
        if client_metrics_entry(name).is_none() {
            let why = format!("Unknown client metrics configuration: {name}");
            return Err(request(why));
        }
    }
    for (name, value) in set {
        if let Some(entry) = client_metrics_entry(name) {
            entry.kind.check(name, value).map_err(config)?;
        }
    }
    let interval = set
        .get("interval.ms")
        .and_then(|v| v.trim().parse::<i64>().ok());
    if let Some(interval) = interval.filter(|interval| !(100..=3_600_000).contains(interval)) {
        return Err(request(format!(
            "Invalid value {interval} for interval.ms, interval must be between 100 and 3600000 (1 hour)"
        )));
    }
    let patterns = set.get("match").map(String::as_str).unwrap_or_default();
    let patterns = patterns.split(',').map(str::trim);
    let patterns = patterns.filter(|pattern| !pattern.is_empty());
    for (place, pattern) in patterns.enumerate() {
        let is_legal = pattern.split_once('=').is_some_and(|(name, expression)| {
            let is_tried = place < MOST_TRIED && expression.len() <= LONGEST_TRIED;
            MATCHES.contains(&name.trim()) && (!is_tried || whole(expression.trim()).is_ok())
        });
        if !is_legal {
            let why = format!("Illegal client matching pattern: {pattern}");
            return Err(config(why));
        }
    }
    Ok(())
}
