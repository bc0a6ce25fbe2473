//! [`ConfigTable`]: every configuration of Kafka 4.4.0.

use std::sync::LazyLock;

use super::config_kind::ConfigKind;

/// Extracted from Kafka's jars; its first lines say more.
const TEXT: &str = include_str!("../../data/configs.tsv");

/// Every configuration, by the kind of resource that has it. Each list is in the order of the
/// names.
#[derive(Debug, Default)]
pub(crate) struct ConfigTable {
    pub(crate) of_brokers: Vec<ConfigEntry>,
    pub(crate) of_topics: Vec<ConfigEntry>,
    pub(crate) of_groups: Vec<ConfigEntry>,
    pub(crate) of_client_metrics: Vec<ConfigEntry>,
}

/// A configuration.
#[derive(Debug)]
pub(crate) struct ConfigEntry {
    pub(crate) name: &'static str,
    pub(crate) kind: ConfigKind,
    /// How it may change while brokers are running; only for broker configurations.
    pub(crate) mode: Mode,
    /// Whether Kafka hides it.
    pub(crate) is_internal: bool,
    /// The broker configurations whose values it uses unless it has its own, in order of
    /// precedence.
    pub(crate) synonyms: Vec<&'static str>,
    pub(crate) default: Option<&'static str>,
    documentation: &'static str,
}

/// How a broker configuration may change while brokers are running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Not at all.
    ReadOnly,
    /// For one broker.
    PerBroker,
    /// For one broker or for all.
    ClusterWide,
    /// By its name after the name of a listener.
    PerListener,
}

static TABLE: LazyLock<ConfigTable> = LazyLock::new(|| parse(TEXT));

/// Every configuration of Kafka 4.4.0. The table is parsed when it is first used, so that starting
/// a broker does not wait for it.
pub(crate) fn config_table() -> &'static ConfigTable {
    &TABLE
}

/// The configuration with that name among those of one kind of resource.
pub(crate) fn find<'a>(entries: &'a [ConfigEntry], name: &str) -> Option<&'a ConfigEntry> {
    let place = entries.binary_search_by(|entry| entry.name.cmp(name));
    place.ok().map(|place| &entries[place])
}

impl ConfigEntry {
    /// The first broker configuration whose value it uses unless it has its own.
    pub(crate) fn broker(&self) -> Option<&'static str> {
        self.synonyms.first().copied()
    }

    /// Kafka's description of it.
    pub(crate) fn documentation(&self) -> String {
        self.documentation.replace("\\n", "\n")
    }

    /// The approximate size of that description, in bytes.
    pub(crate) fn documentation_size(&self) -> usize {
        self.documentation.len()
    }
}

fn parse(text: &'static str) -> ConfigTable {
    let mut table = ConfigTable::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap_or_default();
        let entries = match field() {
            "broker" => &mut table.of_brokers,
            "topic" => &mut table.of_topics,
            "group" => &mut table.of_groups,
            _ => &mut table.of_client_metrics,
        };
        let (name, kind, mode) = (field(), field(), field());
        let (synonyms, rule, default, documentation) = (field(), field(), field(), field());
        entries.push(ConfigEntry {
            name,
            kind: ConfigKind::new(kind, rule),
            mode: match mode.trim_start_matches("internal ") {
                "per-broker" => Mode::PerBroker,
                "cluster-wide" => Mode::ClusterWide,
                "per-listener" => Mode::PerListener,
                _ => Mode::ReadOnly,
            },
            is_internal: mode.starts_with("internal"),
            synonyms: synonyms.split(',').filter(|s| !s.is_empty()).collect(),
            default: (default != "\\N").then_some(default),
            documentation,
        });
    }
    table
}
