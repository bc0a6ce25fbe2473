//! How the configuration of everything is described, before and after it was changed.

use std::collections::BTreeMap;

use libkafka_protocol::constants::alter_config_op::{APPEND, DELETE, SET};
use libkafka_protocol::constants::config_resource_type::{
    BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC,
};
use libkafka_protocol::messages::describe_configs::{
    DescribeConfigsResource, DescribeConfigsResourceResult,
};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::{
    DescribeConfigsRequest, IncrementalAlterConfigsRequest, ListConfigResourcesRequest,
};
use libkafka_testkafka::require;

use super::both::Both;
use crate::wire::Wire;
use libkafka_integration::until;

fn request(resource_type: i8, name: &str, keys: Option<&[&str]>) -> DescribeConfigsRequest {
    let keys = keys.map(|keys| keys.iter().map(|key| (*key).into()).collect());
    DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type,
            resource_name: name.into(),
            configuration_keys: keys,
            ..Default::default()
        }],
        include_synonyms: true,
        ..Default::default()
    }
}

/// What is described of it, documentation included, by name.
fn described(
    wire: &mut Wire,
    resource_type: i8,
    name: &str,
) -> BTreeMap<String, DescribeConfigsResourceResult> {
    let request = DescribeConfigsRequest {
        include_documentation: true,
        ..request(resource_type, name, None)
    };
    let result = wire.call(4, &request).results.remove(0);
    assert!(result.error_code.is_ok(), "{result:?}");
    let configs = result.configs.into_iter();
    configs.map(|c| (c.name.clone(), c)).collect()
}

/// As if nothing had been set: what each was started with is its own.
fn as_by_default(mut config: DescribeConfigsResourceResult) -> DescribeConfigsResourceResult {
    let synonyms = &mut config.synonyms;
    let default = synonyms.iter().position(|synonym| synonym.source == 5);
    synonyms.drain(..default.unwrap_or(synonyms.len()));
    if [2, 3, 4].contains(&config.config_source) {
        config.config_source = 5;
        config.value = synonyms.first().and_then(|first| first.value.clone());
    }
    config
}

#[test]
fn every_default_of_everything_is_described_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-defaults");
    let mut differ = Vec::new();
    for (resource_type, name, least) in [
        (BROKER, "1", 340),
        (TOPIC, "same-defaults", 37),
        (GROUP, "no-group", 20),
        (CLIENT_METRICS, "no-subscription", 3),
    ] {
        let ours = described(&mut both.ours, resource_type, name);
        let theirs = described(&mut both.theirs, resource_type, name);
        assert!(theirs.len() >= least);
        assert!(ours.keys().eq(theirs.keys()));
        for (theirs, ours) in theirs.into_values().zip(ours.into_values()) {
            // Its synonyms have other names than it where it is set, as it is for tests.
            if theirs.name.ends_with("retention.ms") {
                continue;
            }
            let [ours, theirs] = [ours, theirs].map(as_by_default);
            if ours != theirs {
                differ.push(format!("{ours:?}\n{theirs:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "ours, theirs:\n{}", differ.join("\n"));
}

#[test]
fn what_there_is_not_is_described_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-words");
    for (resource_type, name, keys) in [
        (TOPIC, "nowhere", None),
        (TOPIC, "", None),
        (TOPIC, "no good", None),
        (TOPIC, "same-words", Some(&["retention.ms", "nothing"][..])),
        (BROKER, "7", None),
        (BROKER, "x", None),
        (BROKER, "1", Some(&["log.retention.ms", "nothing"])),
        (BROKER, "1", Some(&["log.retention.hours"])),
        (BROKER, "1", Some(&["nothing"])),
        (
            BROKER,
            "",
            Some(&["log.retention.ms", "min.insync.replicas"]),
        ),
        (BROKER_LOGGER, "", None),
        (BROKER_LOGGER, "7", None),
        (BROKER_LOGGER, "x", None),
        (BROKER_LOGGER, "1", Some(&["nothing"])),
        (CLIENT_METRICS, "", None),
        (CLIENT_METRICS, "any", Some(&["interval.ms"])),
        (GROUP, "", None),
        (
            GROUP,
            "any",
            Some(&["consumer.session.timeout.ms", "nothing"]),
        ),
        (0, "odd", None),
        (1, "odd", None),
        (3, "odd", None),
        (64, "odd", None),
    ] {
        both.ask(|_, _| request(resource_type, name, keys));
    }
}

#[test]
fn loggers_have_levels_that_can_be_changed() {
    require!();
    let (mut both, _ours) = Both::start("same-loggers");
    for wire in [&mut both.ours, &mut both.theirs] {
        let was = described(wire, BROKER_LOGGER, "1")["root"].clone();
        assert_eq!((was.config_source, was.config_type), (6, 0));
        alter(wire, BROKER_LOGGER, "1", &[("root", SET, Some("WARN"))]);
        let now = described(wire, BROKER_LOGGER, "1");
        assert_eq!(now["root"].value.as_deref(), Some("WARN"));
        let back = was.value.as_deref();
        alter(wire, BROKER_LOGGER, "1", &[("root", SET, back)]);
        assert_eq!(described(wire, BROKER_LOGGER, "1")["root"], was);
    }
}

/// A configuration, the operation on it, and the value.
type Change<'a> = (&'a str, i8, Option<&'a str>);

#[track_caller]
fn alter(wire: &mut Wire, resource_type: i8, name: &str, changes: &[Change<'_>]) {
    let changes = changes
        .iter()
        .map(|(name, operation, value)| AlterableConfig {
            name: (*name).into(),
            config_operation: *operation,
            value: value.map(Into::into),
            ..Default::default()
        });
    let request = IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type,
            resource_name: name.into(),
            configs: changes.collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = wire.call(1, &request).responses.remove(0);
    assert_eq!((response.error_code.0, response.error_message), (0, None));
}

/// What is changed has no effect on the other tests, which share the brokers.
#[test]
fn what_was_changed_is_described_and_listed_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-changed");
    let changes: [(i8, &str, &[Change<'_>]); 5] = [
        (
            BROKER,
            "1",
            &[
                ("log.cleaner.threads", SET, Some(" 2 ")),
                ("ssl.of.mine", SET, Some("secret")),
                (
                    "sasl.kerberos.principal.to.local.rules",
                    APPEND,
                    Some("DEFAULT"),
                ),
                ("log.cleaner.min.compaction.lag.ms", SET, Some("1")),
            ],
        ),
        (
            BROKER,
            "",
            &[
                ("log.cleaner.threads", SET, Some("1")),
                ("log.cleaner.min.compaction.lag.ms", SET, Some("2")),
                ("log.segment.delete.delay.ms", SET, Some("61000")),
            ],
        ),
        (
            TOPIC,
            "same-changed",
            &[
                ("flush.ms", SET, Some(" 7000 ")),
                ("cleanup.policy", APPEND, Some("compact")),
            ],
        ),
        (
            GROUP,
            "same-group",
            &[("consumer.heartbeat.interval.ms", SET, Some("6000"))],
        ),
        (
            CLIENT_METRICS,
            "same-subscription",
            &[
                ("interval.ms", SET, Some(" 1000 ")),
                ("metrics", SET, Some(" a , b ")),
                ("match", SET, Some("client_id=a.*")),
            ],
        ),
    ];
    for (resource_type, name, set) in changes {
        alter(&mut both.ours, resource_type, name, set);
        alter(&mut both.theirs, resource_type, name, set);
        until(|| {
            let now = described(&mut both.theirs, resource_type, name);
            let is_there =
                |(name, ..): &Change<'_>| now.get(*name).is_some_and(|c| c.config_source != 5);
            set.iter().all(is_there).then_some(())
        });
    }
    // A topic sees what was set for its brokers.
    let keys: &[&str] = &[
        "log.cleaner.threads",
        "ssl.of.mine",
        "log.cleaner.min.compaction.lag.ms",
        "log.segment.delete.delay.ms",
        "file.delete.delay.ms",
        "min.compaction.lag.ms",
        "flush.ms",
        "flush.messages",
        "cleanup.policy",
        "consumer.heartbeat.interval.ms",
        "consumer.session.timeout.ms",
        "interval.ms",
        "match",
        "metrics",
    ];
    for (resource_type, name, _) in changes {
        both.ask_up_to(
            4,
            |_, _| request(resource_type, name, Some(keys)),
            |response| {
                let configs = &mut response.results[0].configs;
                configs.sort_by(|a, b| a.name.cmp(&b.name));
            },
        );
    }
    for types in [
        vec![],
        vec![GROUP, CLIENT_METRICS],
        vec![BROKER, BROKER_LOGGER],
        vec![TOPIC, TOPIC],
        vec![1],
        vec![BROKER, 64],
    ] {
        both.ask_up_to(
            1,
            |version, _| ListConfigResourcesRequest {
                resource_types: if version == 0 { vec![] } else { types.clone() },
                ..Default::default()
            },
            |response| {
                let resources = &mut response.config_resources;
                // Other tests have theirs there.
                let ours = ["1", "same-changed", "same-group", "same-subscription"];
                resources.retain(|resource| ours.contains(&&*resource.resource_name));
                resources.sort_by_key(|resource| resource.resource_type);
            },
        );
    }
    for (resource_type, name, set) in changes {
        let back = set.iter().map(|(name, ..)| (*name, DELETE, None));
        let back: Vec<_> = back.collect();
        alter(&mut both.ours, resource_type, name, &back);
        alter(&mut both.theirs, resource_type, name, &back);
    }
}
