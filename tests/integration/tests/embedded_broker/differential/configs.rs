//! The configuration of topics and brokers.

use libkafka_protocol::constants::alter_config_op::{APPEND, DELETE, SET, SUBTRACT};
use libkafka_protocol::constants::config_resource_type::{BROKER, TOPIC};
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::{DescribeConfigsRequest, IncrementalAlterConfigsRequest};
use libkafka_testkafka::require;

use super::both::Both;

#[test]
fn configs_are_described_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-configs");
    for (resource_type, name) in [
        (TOPIC, "nowhere"),
        (TOPIC, "no good"),
        (BROKER, "7"),
        (3, "odd"),
    ] {
        both.ask(|_, _| DescribeConfigsRequest {
            resources: vec![DescribeConfigsResource {
                resource_type,
                resource_name: name.into(),
                configuration_keys: None,
                ..Default::default()
            }],
            ..Default::default()
        });
    }
    let described = |_, _| DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: "same-configs".into(),
            configuration_keys: None,
            ..Default::default()
        }],
        ..Default::default()
    };
    both.ask_up_to(4, described, |response| {
        let configs = &mut response.results[0].configs;
        configs.sort_by(|a, b| a.name.cmp(&b.name));
    });
}

#[test]
fn changes_of_configs_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-changes");
    for (name, key, operation, value) in [
        ("nowhere", "retention.ms", 0, Some("1")),
        ("same-changes", "no.such.config", 0, Some("1")),
        ("same-changes", "retention.ms", 0, Some("soon")),
        ("same-changes", "retention.ms", 0, None),
        ("same-changes", "retention.ms", 2, Some("1")),
        ("same-changes", "retention.ms", 3, Some("1")),
        ("same-changes", "retention.ms", 7, Some("1")),
    ] {
        both.ask(|_, _| IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: TOPIC,
                resource_name: name.into(),
                configs: vec![AlterableConfig {
                    name: key.into(),
                    config_operation: operation,
                    value: value.map(Into::into),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
    }
}

/// A change of one configuration that is only tried.
fn tried(
    resource_type: i8,
    resource_name: &str,
    name: &str,
    operation: i8,
    value: Option<&str>,
) -> IncrementalAlterConfigsRequest {
    IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type,
            resource_name: resource_name.into(),
            configs: vec![AlterableConfig {
                name: name.into(),
                config_operation: operation,
                value: value.map(Into::into),
                ..Default::default()
            }],
            ..Default::default()
        }],
        validate_only: true,
        ..Default::default()
    }
}

#[test]
fn changes_of_a_broker_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-broker-changes");
    for broker in ["1", "", "7", "x"] {
        for (name, operation, value) in [
            ("num.partitions", SET, Some("100000000000")),
            ("num.partitions", SET, Some("4")),
            ("num.partitions", DELETE, None),
            ("default.replication.factor", SET, Some("2")),
            ("auto.create.topics.enable", SET, Some("true")),
            ("connections.max.reauth.ms", SET, Some("1000")),
            ("fetch.max.bytes", SET, Some("1024")),
            ("group.consumer.heartbeat.interval.ms", SET, Some("1000")),
            ("group.consumer.session.timeout.ms", SET, Some("45000")),
            ("group.initial.rebalance.delay.ms", SET, Some("1")),
            ("group.max.session.timeout.ms", SET, Some("60000")),
            ("group.min.session.timeout.ms", SET, Some("1")),
            ("offset.metadata.max.bytes", SET, Some("1")),
            ("offsets.topic.num.partitions", SET, Some("1")),
            ("transaction.max.timeout.ms", SET, Some("1")),
            ("node.id", SET, Some("1")),
            ("broker.rack", SET, Some("r")),
            ("no.such.config", SET, Some("1")),
            ("log.retention.ms", SET, Some("soon")),
            ("log.retention.ms", SET, Some(" 1000 ")),
            ("log.retention.ms", SET, Some("-5")),
            ("log.retention.ms", SET, None),
            ("log.retention.ms", APPEND, Some("1")),
            ("log.retention.ms", SUBTRACT, Some("1")),
            ("log.retention.ms", 7, Some("1")),
            ("log.cleanup.policy", APPEND, Some("compact")),
            ("log.cleanup.policy", SET, Some("forget")),
            ("message.max.bytes", SET, Some("-1")),
            ("min.insync.replicas", SET, Some("0")),
            ("min.insync.replicas", SET, Some("1")),
        ] {
            both.ask(|_, _| tried(BROKER, broker, name, operation, value));
        }
    }
}

#[test]
fn every_number_of_a_topic_s_configuration_has_the_same_range() {
    require!();
    let (mut both, _ours) = Both::start("same-ranges");
    let request = DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: "same-ranges".into(),
            configuration_keys: None,
            ..Default::default()
        }],
        ..Default::default()
    };
    let described = both.theirs.call(4, &request).results.remove(0).configs;
    // Those of the types INT and LONG.
    let numbers = described
        .into_iter()
        .filter(|config| [3, 5].contains(&config.config_type));
    let numbers: Vec<_> = numbers.map(|config| config.name).collect();
    assert!(numbers.len() > 20, "{numbers:?}");
    let mut differ = Vec::new();
    for name in numbers {
        for value in ["-3", "-1", "0", "1", " 5000 "] {
            let request = tried(TOPIC, "same-ranges", &name, SET, Some(value));
            let answers = [&mut both.ours, &mut both.theirs].map(|wire| {
                let response = wire.call(1, &request).responses.remove(0);
                (response.error_code, response.error_message)
            });
            // What depends on another configuration is not looked at.
            let refused_alone = |message: &Option<String>| {
                let message = message.as_deref().unwrap_or_default();
                message.is_empty() || message.contains("for configuration")
            };
            if answers[0] != answers[1] && refused_alone(&answers[1].1) {
                differ.push(format!("{name} = {value:?}: {answers:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "ours, theirs:\n{}", differ.join("\n"));
}
