//! `of_topic`, `of_broker` and the like: configurations as DescribeConfigs returns them.

use libkafka_protocol::messages::describe_configs::{
    DescribeConfigsResourceResult, DescribeConfigsSynonym,
};

use crate::state::{
    BrokerConfigs, ConfigEntry, ConfigKind, Configs, Mode, Set, State, broker_entry, config_source,
    config_table,
};

/// The name of a synonym, its value, and its source.
type Synonym<'a> = (&'a str, &'a str, i8);

/// What a client wants to see of a configuration besides its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Show {
    pub(super) synonyms: bool,
    pub(super) documentation: bool,
}

/// A configuration of a topic.
pub(super) fn of_topic(
    entry: &ConfigEntry,
    configs: &Configs,
    node: i32,
    show: Show,
) -> DescribeConfigsResourceResult {
    let value = shown(configs.topic_value(entry), entry.kind);
    let mut synonyms = configs.synonyms(entry, node);
    show_own(&mut synonyms, config_source::TOPIC, &value);
    DescribeConfigsResourceResult {
        value: Some(value.clone()),
        config_source: source_of(&synonyms),
        ..described(entry, &synonyms, show)
    }
}

/// Every configuration of a node: its own, what was set, and the defaults.
pub(super) fn of_broker(
    node: i32,
    state: &State,
    wanted: impl Fn(&str) -> bool,
    show: Show,
) -> Vec<DescribeConfigsResourceResult> {
    let own = own(node, state);
    let own = |name: &str| own.iter().find(|(own, _)| *own == name);
    let entries = config_table().of_brokers.iter();
    let entries = entries.filter(|entry| !entry.is_internal && wanted(entry.name));
    let known = entries.map(|entry| {
        let mut synonyms = state.configs.synonyms(entry.name, node);
        if let Some((name, value)) = own(entry.name) {
            let default = entry
                .default
                .map(|value| (*name, value, config_source::DEFAULT));
            synonyms = vec![(*name, value, config_source::STATIC_BROKER)];
            synonyms.extend(default);
        }
        let own_value = synonyms.first().filter(|(name, ..)| *name == entry.name);
        DescribeConfigsResourceResult {
            value: own_value.map(|(_, value, _)| shown(value, entry.kind)),
            read_only: entry.mode == Mode::ReadOnly,
            config_source: source_of(&synonyms),
            ..described(entry, &synonyms, show)
        }
    });
    let mut names: Vec<&String> = state.configs.names(node).collect();
    names.sort();
    names.dedup();
    let unknown = names.into_iter().filter(|name| {
        let entry = broker_entry(name);
        entry.is_none_or(|entry| entry.is_internal) && wanted(name)
    });
    let unknown = unknown.map(|name| of_unknown(name, &state.configs.synonyms(name, node), show));
    known.chain(unknown).map(without_secrets).collect()
}

/// What was set for all nodes since the start.
pub(super) fn of_all(
    state: &State,
    show: Show,
) -> impl Iterator<Item = DescribeConfigsResourceResult> {
    let set = state.configs.dynamic(None).into_iter().flatten();
    let described = set.map(move |(name, value)| {
        let synonyms = [(&**name, &**value, config_source::DYNAMIC_DEFAULT_BROKER)];
        match broker_entry(name) {
            Some(entry) => DescribeConfigsResourceResult {
                value: Some(shown(value, entry.kind)),
                read_only: entry.mode == Mode::ReadOnly,
                config_source: config_source::DYNAMIC_DEFAULT_BROKER,
                ..described(entry, &synonyms, show)
            },
            None => of_unknown(name, &synonyms, show),
        }
    });
    described.map(without_secrets)
}

/// A configuration of a group.
pub(super) fn of_group(
    entry: &ConfigEntry,
    set: Option<&Set>,
    brokers: &BrokerConfigs,
    node: i32,
    show: Show,
) -> DescribeConfigsResourceResult {
    let of_broker = match entry.broker() {
        Some(name) => brokers.synonyms(name, node),
        None => vec![(
            entry.name,
            entry.default.unwrap_or_default(),
            config_source::DEFAULT,
        )],
    };
    let set = set.and_then(|set| set.get(entry.name));
    let set = set.map(|value| (entry.name, value.as_str(), config_source::GROUP));
    let mut synonyms: Vec<Synonym<'_>> = set.into_iter().chain(of_broker).collect();
    let value = synonyms.first().map_or("", |(_, value, _)| value);
    // Of a list of what brokers have it takes the first.
    let value = match entry.kind {
        ConfigKind::List(_) => value,
        _ => value.split(',').next().unwrap_or_default(),
    };
    let value = shown(value, entry.kind);
    show_own(&mut synonyms, config_source::GROUP, &value);
    DescribeConfigsResourceResult {
        value: Some(value.clone()),
        config_source: source_of(&synonyms),
        ..described(entry, &synonyms, show)
    }
}

/// A configuration of a subscription to clients' metrics.
pub(super) fn of_client_metrics(
    entry: &ConfigEntry,
    set: Option<&Set>,
    show: Show,
) -> DescribeConfigsResourceResult {
    let set = set.and_then(|set| set.get(entry.name));
    let synonyms = set.map(|value| (entry.name, value.as_str(), config_source::CLIENT_METRICS));
    let mut synonyms: Vec<Synonym<'_>> = synonyms.into_iter().collect();
    let value = set.map(String::as_str).or(entry.default);
    let value = shown(value.unwrap_or_default(), entry.kind);
    show_own(&mut synonyms, config_source::CLIENT_METRICS, &value);
    DescribeConfigsResourceResult {
        value: Some(value.clone()),
        config_source: source_of(&synonyms),
        ..described(entry, &synonyms, show)
    }
}

/// A logger and its level.
pub(super) fn of_logger((name, level): (&str, &str)) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: name.to_owned(),
        value: Some(level.to_owned()),
        config_source: config_source::BROKER_LOGGER,
        documentation: Some(String::new()),
        ..Default::default()
    }
}

/// A configuration that Kafka does not know, and therefore treats as secret.
fn of_unknown(name: &str, synonyms: &[Synonym<'_>], show: Show) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: name.to_owned(),
        value: None,
        read_only: true,
        config_source: source_of(synonyms),
        is_sensitive: true,
        synonyms: shown_synonyms(synonyms, show),
        documentation: None,
        ..Default::default()
    }
}

/// The parts that are the same for every configuration in the table.
fn described(
    entry: &ConfigEntry,
    synonyms: &[Synonym<'_>],
    show: Show,
) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: entry.name.to_owned(),
        is_sensitive: entry.kind == ConfigKind::Password,
        synonyms: shown_synonyms(synonyms, show),
        config_type: entry.kind.number(),
        documentation: show.documentation.then(|| entry.documentation()),
        ..Default::default()
    }
}

fn shown_synonyms(synonyms: &[Synonym<'_>], show: Show) -> Vec<DescribeConfigsSynonym> {
    let synonyms = synonyms.iter().filter(|_| show.synonyms);
    synonyms
        .map(|(name, value, source)| DescribeConfigsSynonym {
            name: (*name).to_owned(),
            value: Some((*value).to_owned()),
            source: *source,
            ..Default::default()
        })
        .collect()
}

/// What was set for the resource itself is shown as it was parsed, and what brokers have as it was
/// set.
fn show_own<'a>(synonyms: &mut [Synonym<'a>], own: i8, value: &'a str) {
    let of_own = synonyms.iter_mut().find(|(.., source)| *source == own);
    if let Some((_, set, _)) = of_own {
        *set = value;
    }
}

fn source_of(synonyms: &[Synonym<'_>]) -> i8 {
    let first = synonyms.first();
    first.map_or(config_source::DEFAULT, |(_, _, source)| *source)
}

/// A value in the form that Kafka shows after parsing it.
fn shown(value: &str, kind: ConfigKind) -> String {
    match kind {
        ConfigKind::Password => value.to_owned(),
        ConfigKind::List(_) => {
            let items: Vec<&str> = value.split(',').map(str::trim).collect();
            items.join(",")
        }
        _ => value.trim().to_owned(),
    }
}

/// Removes secret values.
fn without_secrets(mut config: DescribeConfigsResourceResult) -> DescribeConfigsResourceResult {
    if config.is_sensitive {
        config.value = None;
        for synonym in &mut config.synonyms {
            synonym.value = None;
        }
    }
    config
}

/// What a node was started with, in addition to the configuration of all nodes.
fn own(node: i32, state: &State) -> Vec<(&'static str, String)> {
    let Some(node) = state.nodes.get(&node) else {
        return Vec::new();
    };
    let listeners = |names: &dyn Fn(usize) -> (String, i32)| {
        let listeners = state.listeners.iter().enumerate().map(|(place, listener)| {
            let (host, port) = names(place);
            format!("{listener}://{host}:{port}")
        });
        listeners.collect::<Vec<_>>().join(",")
    };
    let bound = |place: usize| match node.listeners.get(place) {
        Some(address) => (address.ip().to_string(), i32::from(address.port())),
        None => (String::new(), -1),
    };
    let advertised = |place: usize| {
        let address = node.address(place);
        (address.host, address.port)
    };
    let mut own = vec![
        ("advertised.listeners", listeners(&advertised)),
        ("broker.id", node.id.to_string()),
        ("controller.listener.names", "CONTROLLER".to_owned()),
        ("listeners", listeners(&bound)),
        ("node.id", node.id.to_string()),
        ("process.roles", "broker,controller".to_owned()),
    ];
    if let Some(rack) = &node.rack {
        own.push(("broker.rack", rack.clone()));
    }
    own
}
