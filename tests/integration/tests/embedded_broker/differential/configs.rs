//! The configuration of topics and brokers.

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
