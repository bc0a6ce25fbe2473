//! Changes of configurations.

use libkafka_protocol::constants::alter_config_op::{APPEND, DELETE, SET, SUBTRACT};
use libkafka_protocol::constants::config_resource_type::{
    BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC,
};
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::{
    AlterConfigsRequest, DescribeConfigsRequest, IncrementalAlterConfigsRequest, alter_configs,
};
use libkafka_testkafka::require;

use super::both::Both;

/// Changes of everything but brokers: what has it, its name, the configuration, the operation and
/// the value.
const CHANGES: &[(i8, &str, &str, i8, Option<&str>)] = &[
    (TOPIC, "nowhere", "retention.ms", SET, Some("1")),
    (TOPIC, "no good", "retention.ms", SET, Some("1")),
    (TOPIC, "", "retention.ms", SET, Some("1")),
    (TOPIC, "same-changes", "no.such.config", SET, Some("1")),
    (TOPIC, "same-changes", "no.such.config", DELETE, None),
    (TOPIC, "same-changes", "retention.ms", SET, Some("soon")),
    (TOPIC, "same-changes", "retention.ms", SET, None),
    (TOPIC, "same-changes", "retention.ms", APPEND, Some("1")),
    (TOPIC, "same-changes", "retention.ms", SUBTRACT, Some("1")),
    (TOPIC, "same-changes", "retention.ms", 7, Some("1")),
    (
        TOPIC,
        "same-changes",
        "min.cleanable.dirty.ratio",
        SET,
        Some("7"),
    ),
    (
        TOPIC,
        "same-changes",
        "min.cleanable.dirty.ratio",
        SET,
        Some("-0.5"),
    ),
    (TOPIC, "same-changes", "compression.type", SET, Some("lzma")),
    (TOPIC, "same-changes", "preallocate", SET, Some("TRUE")),
    (TOPIC, "same-changes", "preallocate", SET, Some("yes")),
    (BROKER_LOGGER, "1", "root", SET, Some("INFO")),
    (BROKER_LOGGER, "1", "root", SET, Some("LOUD")),
    (BROKER_LOGGER, "1", "root", SET, None),
    (BROKER_LOGGER, "1", "root", DELETE, None),
    (BROKER_LOGGER, "1", "root", APPEND, Some("INFO")),
    (BROKER_LOGGER, "1", "root", SUBTRACT, Some("INFO")),
    (BROKER_LOGGER, "1", "root", 7, Some("INFO")),
    (BROKER_LOGGER, "1", "no.such.logger", SET, Some("INFO")),
    (BROKER_LOGGER, "1", "no.such.logger", DELETE, None),
    (BROKER_LOGGER, "7", "root", SET, Some("INFO")),
    (BROKER_LOGGER, "", "root", SET, Some("INFO")),
    (BROKER_LOGGER, "x", "root", SET, Some("INFO")),
    (CLIENT_METRICS, "any", "interval.ms", SET, Some("1000")),
    (CLIENT_METRICS, "any", "interval.ms", SET, Some("99")),
    (CLIENT_METRICS, "any", "interval.ms", SET, Some("3600001")),
    (CLIENT_METRICS, "any", "interval.ms", SET, Some("soon")),
    (CLIENT_METRICS, "any", "interval.ms", APPEND, Some("1")),
    (CLIENT_METRICS, "any", "interval.ms", DELETE, None),
    (CLIENT_METRICS, "any", "no.such.config", SET, Some("1")),
    (CLIENT_METRICS, "any", "no.such.config", DELETE, None),
    (CLIENT_METRICS, "any", "metrics", SET, Some("a,a")),
    (
        CLIENT_METRICS,
        "any",
        "match",
        SET,
        Some("client_id=a,client_source_port=1"),
    ),
    (CLIENT_METRICS, "any", "match", SET, Some("nothing=a")),
    (CLIENT_METRICS, "any", "match", SET, Some("nothing")),
    (CLIENT_METRICS, "any", "match", SET, Some("client_id=[")),
    (CLIENT_METRICS, "", "interval.ms", SET, Some("1000")),
    (
        GROUP,
        "any",
        "consumer.session.timeout.ms",
        SET,
        Some("45000"),
    ),
    (GROUP, "any", "consumer.session.timeout.ms", SET, Some("1")),
    (
        GROUP,
        "any",
        "consumer.session.timeout.ms",
        SET,
        Some("99999999"),
    ),
    (
        GROUP,
        "any",
        "consumer.session.timeout.ms",
        APPEND,
        Some("45000"),
    ),
    (
        GROUP,
        "any",
        "consumer.heartbeat.interval.ms",
        SET,
        Some("0"),
    ),
    (
        GROUP,
        "any",
        "consumer.heartbeat.interval.ms",
        SET,
        Some("soon"),
    ),
    (
        GROUP,
        "any",
        "consumer.heartbeat.interval.ms",
        SET,
        Some("16000"),
    ),
    (GROUP, "any", "consumer.heartbeat.interval.ms", SET, None),
    (
        GROUP,
        "any",
        "consumer.assignment.interval.ms",
        SET,
        Some("16000"),
    ),
    (GROUP, "any", "share.auto.offset.reset", SET, Some("never")),
    (GROUP, "any", "share.isolation.level", SET, Some("none")),
    (
        GROUP,
        "any",
        "share.record.lock.duration.ms",
        SET,
        Some("1001"),
    ),
    (GROUP, "any", "streams.num.standby.replicas", SET, Some("9")),
    (GROUP, "any", "no.such.config", SET, Some("1")),
    (GROUP, "any", "no.such.config", DELETE, None),
    (GROUP, "", "consumer.session.timeout.ms", SET, Some("45000")),
    (0, "any", "any", SET, Some("1")),
    (1, "any", "any", SET, Some("1")),
    (64, "any", "any", SET, Some("1")),
];

#[test]
fn changes_of_configs_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-changes");
    for (resource_type, resource, name, operation, value) in CHANGES {
        both.ask(|_, _| tried(*resource_type, resource, name, *operation, *value));
    }
    let twice = || {
        let mut request = tried(TOPIC, "same-changes", "retention.ms", SET, Some("1"));
        request.resources.extend(request.resources.clone());
        request
    };
    both.ask(|_, _| twice());
    both.ask(|_, _| {
        let mut request = twice();
        let resource = request.resources.pop().unwrap();
        request.resources[0].configs.extend(resource.configs);
        request
    });
}

#[test]
fn replacements_of_configs_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-replacements");
    let request = |resource_type, resource: &str, configs: &[(&str, Option<&str>)]| {
        let configs = configs
            .iter()
            .map(|(name, value)| alter_configs::AlterableConfig {
                name: (*name).into(),
                value: value.map(Into::into),
                ..Default::default()
            });
        AlterConfigsRequest {
            resources: vec![alter_configs::AlterConfigsResource {
                resource_type,
                resource_name: resource.into(),
                configs: configs.collect(),
                ..Default::default()
            }],
            validate_only: true,
            ..Default::default()
        }
    };
    for (resource_type, resource, name, operation, value) in CHANGES {
        let resource = match *resource {
            "same-changes" => "same-replacements",
            other => other,
        };
        if *operation == SET {
            both.ask(|_, _| request(*resource_type, resource, &[(name, *value)]));
        }
    }
    for (broker, name, value) in [
        ("1", "log.retention.ms", Some("5")),
        ("", "log.retention.ms", Some("5")),
        ("", "min.insync.replicas", Some("1")),
        ("1", "min.insync.replicas", Some("1")),
        ("7", "log.retention.ms", Some("5")),
        ("x", "log.retention.ms", Some("5")),
        ("1", "no.such.config", Some("5")),
        ("1", "num.partitions", Some("5")),
        ("1", "log.retention.ms", None),
        ("1", "log.retention.ms", Some("soon")),
        ("1", "ssl.keystore.location", Some("/nowhere")),
        ("", "ssl.keystore.location", Some("/nowhere")),
    ] {
        both.ask(|_, _| request(BROKER, broker, &[(name, value)]));
    }
    let twice = [("retention.ms", Some("1")), ("retention.ms", Some("2"))];
    both.ask(|_, _| request(TOPIC, "same-replacements", &twice));
    for (resource_type, resource) in [
        (TOPIC, "same-replacements"),
        (BROKER, "1"),
        (BROKER, ""),
        (BROKER_LOGGER, "1"),
        (GROUP, "any"),
        (CLIENT_METRICS, "any"),
    ] {
        both.ask(|_, _| request(resource_type, resource, &[]));
    }
    both.ask(|_, _| AlterConfigsRequest::default());
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
            ("min.insync.replicas", DELETE, None),
            ("no.such.config", APPEND, Some("1")),
            ("num.io.threads", SET, Some("100000")),
            ("num.io.threads", SET, Some("0")),
            ("num.io.threads", SET, Some("1")),
            ("num.io.threads", SET, Some("8")),
            ("log.segment.bytes", SET, Some("1")),
            ("log.cleaner.min.cleanable.ratio", SET, Some("7")),
            ("log.retention.hours", SET, Some("7")),
            ("log.message.timestamp.type", SET, Some("never")),
            ("ssl.keystore.location", SET, Some("/nowhere")),
            (
                "listener.name.plaintext.ssl.keystore.type",
                SET,
                Some("JKS"),
            ),
        ] {
            both.ask(|_, _| tried(BROKER, broker, name, operation, value));
        }
    }
    // What only one broker can have.
    both.ask(|_, _| tried(BROKER, "", "listeners", SET, Some("PLAINTEXT://:1")));
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
