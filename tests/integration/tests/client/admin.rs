//! The typed helpers.

use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, ConfigResource, NewTopic, OffsetSpec};

use libkafka_integration::{batch, until, until_ok};

use crate::on_both;
use crate::topics::{client, create};

/// Waits until a topic's retention is this value, set or by default: brokers hear of it a little
/// after the controller has it.
fn wait_for_retention(client: &mut Client, topic: &str, value: &str, is_default: bool) {
    let expected = (Some(value.to_owned()), is_default);
    until(|| {
        // At first the broker that is asked may not know the topic.
        let configs = client.describe_configs(ConfigResource::Topic(topic)).ok()?;
        let found = configs
            .into_iter()
            .find(|config| config.name == "retention.ms")?;
        ((found.value, found.is_default) == expected).then_some(())
    });
}

on_both! {
    fn a_topic_is_created_changed_and_deleted(cluster) {
        let mut client = client(cluster);
        let topic = NewTopic::new("managed").config("retention.ms", "12345");
        client.create_topic(topic.clone()).unwrap();
        let error = client.create_topic(topic).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::TOPIC_ALREADY_EXISTS));
        assert!(error.to_string().contains("managed"), "{error}");

        let retention = "retention.ms";
        wait_for_retention(&mut client, "managed", "12345", false);
        let resource = ConfigResource::Topic("managed");
        client
            .alter_configs(resource, &[(retention, Some("54321"))])
            .unwrap();
        wait_for_retention(&mut client, "managed", "54321", false);
        client
            .alter_configs(resource, &[(retention, None)])
            .unwrap();
        // What the brokers of these tests have for a default.
        wait_for_retention(&mut client, "managed", "-1", true);
        let error = client
            .alter_configs(resource, &[("no.such", Some("1"))])
            .unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::INVALID_CONFIG));

        client.create_partitions("managed", 3).unwrap();
        until_ok(|| client.leader("managed", 2));
        let error = client.create_partitions("managed", 1).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::INVALID_PARTITIONS));

        client.delete_topic("managed").unwrap();
        let error = client.delete_topic("no-such-topic").unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    }

    fn records_are_deleted_up_to_an_offset(cluster) {
        let mut client = client(cluster);
        create(&mut client, "trimmed", 1, &[]);
        let mut producer = client.producer("trimmed", 0).unwrap();
        producer.produce(batch(&["a", "b", "c"])).unwrap();
        assert_eq!(client.delete_records("trimmed", 0, Some(2)).unwrap(), 2);
        let mut fetcher = client.fetcher("trimmed", 0).unwrap();
        assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 2);
        let error = client.delete_records("trimmed", 0, Some(17)).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::OFFSET_OUT_OF_RANGE));
    }

    fn the_cluster_and_its_brokers_describe_themselves(cluster) {
        let mut client = client(cluster);
        let cluster = client.describe_cluster().unwrap();
        assert_eq!(cluster.brokers.len(), 1);
        assert_eq!(cluster.controller_id, Some(1));
        assert!(cluster.cluster_id.is_some());
        assert_eq!(cluster.brokers[0].rack.as_deref(), Some("rack1"));
        let configs = client.describe_configs(ConfigResource::Broker(1)).unwrap();
        for (name, value) in [("node.id", "1"), ("broker.rack", "rack1")] {
            let config = configs.iter().find(|c| c.name == name).unwrap();
            assert!(config.read_only, "{config:?}");
            assert_eq!(config.value.as_deref(), Some(value));
        }
    }
}
