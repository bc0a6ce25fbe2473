//! [`Configs`]: the configuration of a topic.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::broker_configs::BrokerConfigs;
use super::config_source as source;
use super::config_table::{ConfigEntry, config_table, find};

/// What was set for a topic, on top of the configuration of the brokers.
#[derive(Debug, Clone)]
pub(crate) struct Configs {
    pub(crate) set: BTreeMap<String, String>,
    brokers: Arc<BrokerConfigs>,
}

impl Configs {
    pub(crate) fn new(set: BTreeMap<String, String>, brokers: &Arc<BrokerConfigs>) -> Self {
        Self {
            set,
            brokers: Arc::clone(brokers),
        }
    }

    /// The value of a topic's configuration.
    pub(crate) fn topic_value(&self, entry: &ConfigEntry) -> &str {
        let of_broker = || self.brokers.get(entry.broker()?);
        let set = self.set.get(entry.name).map(String::as_str);
        let value = set.or_else(of_broker);
        value.or(entry.default).unwrap_or_default()
    }

    /// The source of the value of a topic's configuration, for a node.
    pub(crate) fn topic_source(&self, entry: &ConfigEntry, node: i32) -> i8 {
        if self.set.contains_key(entry.name) {
            return source::TOPIC;
        }
        let broker = entry.broker();
        broker.map_or(source::DEFAULT, |name| self.brokers.source(name, node))
    }

    /// All values of a topic's configuration and its synonyms, the one in effect first: the name,
    /// the value, and the source.
    pub(crate) fn synonyms<'a>(
        &'a self,
        entry: &'a ConfigEntry,
        node: i32,
    ) -> Vec<(&'a str, &'a str, i8)> {
        let of_topic = self.set.get(entry.name);
        let of_topic = of_topic.map(|value| (entry.name, value.as_str(), source::TOPIC));
        let broker = entry.broker();
        let of_broker = broker.map_or_else(Vec::new, |name| self.brokers.synonyms(name, node));
        of_topic.into_iter().chain(of_broker).collect()
    }

    /// The value of a topic's configuration by name; empty if there is no such configuration.
    pub(crate) fn topic(&self, name: &str) -> &str {
        topic_entry(name).map_or("", |entry| self.topic_value(entry))
    }

    /// The value as a number; 0 if there is no such configuration.
    pub(crate) fn topic_number(&self, name: &str) -> i64 {
        self.topic(name).trim().parse().unwrap_or(0)
    }
}

/// Every configuration of a topic that Kafka shows.
pub(crate) fn topic_entries() -> impl Iterator<Item = &'static ConfigEntry> {
    let entries = config_table().of_topics.iter();
    entries.filter(|entry| !entry.is_internal)
}

/// The topic configuration with that name.
pub(crate) fn topic_entry(name: &str) -> Option<&'static ConfigEntry> {
    find(&config_table().of_topics, name)
}

/// Refuses what a topic cannot have, with Kafka's message.
pub(crate) fn check_topic_configs(set: &BTreeMap<String, String>) -> Result<(), String> {
    let known = |name: &&String| topic_entry(name).is_none();
    if let Some(name) = set.keys().find(known) {
        return Err(format!("Unknown topic config name: {name}"));
    }
    for (name, value) in set {
        if let Some(entry) = topic_entry(name) {
            entry.kind.check(name, value)?;
        }
    }
    Ok(())
}
