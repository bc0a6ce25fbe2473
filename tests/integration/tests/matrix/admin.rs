//! The typed helpers.

use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, ConfigResource, NewTopic, OffsetSpec};
use libkafka_integration::{batch, patiently, until};
use libkafka_testkafka::Version;

use crate::place::Place;

pub(crate) fn topics_come_change_and_go(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "managed");
    let again = NewTopic::new(&topic).partitions(1).replication_factor(1);
    let error = client.create_topic(again).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::TOPIC_ALREADY_EXISTS));

    client.create_partitions(&topic, 3).unwrap();
    patiently(&mut client, |client| client.leader(&topic, 2));
    let error = client.create_partitions(&topic, 1).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::INVALID_PARTITIONS));

    let mut producer = client.producer(&topic, 0).unwrap();
    producer.produce(batch(&["a", "b", "c"])).unwrap();
    assert_eq!(client.delete_records(&topic, 0, Some(2)).unwrap(), 2);
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 2);

    let cluster = client.describe_cluster().unwrap();
    assert_eq!(cluster.brokers.len(), 1);
    assert_eq!(cluster.controller_id, Some(1));
    assert!(cluster.cluster_id.is_some());

    client.delete_topic(&topic).unwrap();
    let error = client.delete_topic(&place.name("never-was")).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
}

pub(crate) fn configs_are_seen_and_set(place: &Place) {
    // Those that an older one does not have, `versions` tells of.
    if place.version < Version::new(1, 1, 0) {
        return;
    }
    let mut client = place.client();
    let name = place.name("configs");
    let topic = NewTopic::new(&name).partitions(1).replication_factor(1);
    let topic = topic.config("retention.ms", "12345");
    client.create_topic(topic).unwrap();
    patiently(&mut client, |client| client.leader(&name, 0));
    let resource = ConfigResource::Topic(&name);
    // The broker that is asked learns of a change a little later than the controller.
    let shows = |client: &mut Client, expected: (Option<&str>, bool)| {
        until(|| {
            let configs = client.describe_configs(resource).unwrap();
            let retention = configs.iter().find(|c| c.name == "retention.ms").unwrap();
            (expected == (retention.value.as_deref(), retention.is_default)).then_some(())
        });
    };
    shows(&mut client, (Some("12345"), false));
    if place.version >= Version::new(2, 3, 0) {
        let set = [("retention.ms", Some("54321"))];
        client.alter_configs(resource, &set).unwrap();
        shows(&mut client, (Some("54321"), false));
        let unset = [("retention.ms", None)];
        client.alter_configs(resource, &unset).unwrap();
        shows(&mut client, (Some("-1"), true));
    }
}
