//! [`BrokerConfigs`]: the configuration of the brokers, in its layers.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use super::config_source as source;
use super::config_table::{config_table, find};

/// Values by name.
pub(crate) type Set = BTreeMap<String, String>;

/// The configuration of the brokers: what they were started with, and what has been set since for
/// all or for one. What is set for one applies to all here, although it is only shown for that one.
#[derive(Debug, Clone)]
pub(crate) struct BrokerConfigs {
    at_start: Set,
    of_all: Set,
    of_nodes: BTreeMap<i32, Set>,
    /// The values in effect.
    effective: Set,
}

/// A setting of the whole cluster since there are eligible leader replicas (KIP-966).
pub(crate) const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";

impl BrokerConfigs {
    /// The configuration that brokers are started with.
    pub(crate) fn new(at_start: Set) -> Self {
        let least = at_start
            .get(MIN_INSYNC_REPLICAS)
            .map_or("1", String::as_str);
        let of_all = BTreeMap::from([(MIN_INSYNC_REPLICAS.to_owned(), least.to_owned())]);
        let mut configs = Self {
            at_start,
            of_all,
            of_nodes: BTreeMap::new(),
            effective: BTreeMap::new(),
        };
        configs.merge();
        configs
    }

    /// What was set since the start, for one node or for all.
    pub(crate) fn dynamic(&self, node: Option<i32>) -> Option<&Set> {
        match node {
            Some(node) => self.of_nodes.get(&node),
            None => Some(&self.of_all),
        }
    }

    /// Replaces what was set since the start, for one node or for all.
    pub(crate) fn set_dynamic(&mut self, node: Option<i32>, set: Set) {
        match node {
            Some(node) if set.is_empty() => {
                self.of_nodes.remove(&node);
            }
            Some(node) => {
                self.of_nodes.insert(node, set);
            }
            None => self.of_all = set,
        }
        self.merge();
    }

    fn merge(&mut self) {
        let layers = [&self.at_start, &self.of_all].into_iter();
        let layers = layers.chain(self.of_nodes.values());
        let values = layers.flatten();
        self.effective = values.map(|(k, v)| (k.clone(), v.clone())).collect();
    }

    /// The value in effect, if one was set.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.effective.get(name).map(String::as_str)
    }

    fn parsed<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.trim().parse().ok()
    }

    /// The value as a number.
    pub(crate) fn number(&self, name: &str, default: i64) -> i64 {
        self.parsed(name).unwrap_or(default)
    }

    /// The value as a duration.
    pub(crate) fn milliseconds(&self, name: &str, default: u64) -> Duration {
        Duration::from_millis(self.parsed(name).unwrap_or(default))
    }

    /// The value as a boolean.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        let value = self
            .get(name)
            .map(|value| value.trim().to_ascii_lowercase());
        value.and_then(|v| v.parse().ok()).unwrap_or(default)
    }

    /// The number of values that were set, in all layers.
    pub(crate) fn len(&self) -> usize {
        let of_nodes = self.of_nodes.values().map(Set::len).sum::<usize>();
        self.at_start.len() + self.of_all.len() + of_nodes
    }

    /// The names of what was set in the layers that a node sees.
    pub(crate) fn names(&self, node: i32) -> impl Iterator<Item = &String> {
        let layers = [
            Some(&self.at_start),
            Some(&self.of_all),
            self.of_nodes.get(&node),
        ];
        layers.into_iter().flatten().flat_map(|layer| layer.keys())
    }

    /// All values of a configuration and its synonyms for a node, the one in effect first: the
    /// name, the value, and the source. Empty if the configuration has no value itself, as in
    /// Kafka.
    pub(crate) fn synonyms<'a>(&'a self, name: &'a str, node: i32) -> Vec<(&'a str, &'a str, i8)> {
        let entries = &config_table().of_brokers;
        let names = find(entries, name).map_or(vec![name], |entry| entry.synonyms.clone());
        let mut all = Vec::new();
        let layers = [
            (self.of_nodes.get(&node), source::DYNAMIC_BROKER),
            (Some(&self.of_all), source::DYNAMIC_DEFAULT_BROKER),
            (Some(&self.at_start), source::STATIC_BROKER),
        ];
        for (layer, source) in layers {
            let values = names.iter().filter_map(|name| {
                let (name, value) = layer?.get_key_value(*name)?;
                Some((name.as_str(), value.as_str(), source))
            });
            all.extend(values);
        }
        let defaults = names.iter().filter_map(|name| {
            let value = find(entries, name)?.default?;
            Some((*name, value, source::DEFAULT))
        });
        all.extend(defaults);
        let first = all.iter().position(|(synonym, ..)| *synonym == name);
        all.drain(..first.unwrap_or(all.len()));
        all
    }

    /// The source of the value that a node sees.
    pub(crate) fn source(&self, name: &str, node: i32) -> i8 {
        let of_node = self.of_nodes.get(&node);
        let layers = [
            (of_node, source::DYNAMIC_BROKER),
            (Some(&self.of_all), source::DYNAMIC_DEFAULT_BROKER),
            (Some(&self.at_start), source::STATIC_BROKER),
        ];
        let mut layers = layers.into_iter();
        let found = layers.find(|(layer, _)| layer.is_some_and(|layer| layer.contains_key(name)));
        found.map_or(source::DEFAULT, |(_, source)| source)
    }
}
