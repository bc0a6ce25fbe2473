//! Topics come and go.

use std::collections::BTreeMap;

use libkafka_protocol::constants::config_resource_type::TOPIC;
use libkafka_protocol::messages::create_topics::{CreatableTopic, CreatableTopicConfig};
use libkafka_protocol::messages::delete_topics::DeleteTopicState;
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    CreateTopicsRequest, DeleteTopicsRequest, DescribeConfigsRequest, FindCoordinatorRequest,
    MetadataRequest,
};
use libkafka_protocol::{ErrorCode, Response, Uuid};

use crate::cluster::metadata;
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::until;
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, Listener, require};

fn creatable(name: &str, partitions: i32, replication: i16) -> CreatableTopic {
    CreatableTopic {
        name: name.into(),
        num_partitions: partitions,
        replication_factor: replication,
        ..Default::default()
    }
}

on_both! {
    fn kafka_s_own_topics_are_there_once_a_coordinator_was_asked_for(cluster) {
        let mut wire = cluster.wire();
        for (key_type, name, policy) in [
            (0, "__consumer_offsets", &[("compression.type", "producer")][..]),
            (1, "__transaction_state", &[
                ("compression.type", "uncompressed"),
                ("min.insync.replicas", "1"),
                ("unclean.leader.election.enable", "false"),
            ]),
        ] {
            let find = FindCoordinatorRequest {
                key_type,
                coordinator_keys: vec!["any".into()],
                ..Default::default()
            };
            until(|| wire.call(4, &find).first_error().is_none().then_some(()));
            let topic = metadata(&mut wire, name);
            assert!(topic.is_internal && topic.error_code.is_ok(), "{topic:?}");
            assert_eq!(topic.partitions.len(), 5);
            let describe = DescribeConfigsRequest {
                resources: vec![DescribeConfigsResource {
                    resource_type: TOPIC,
                    resource_name: name.into(),
                    configuration_keys: None,
                    ..Default::default()
                }],
                ..Default::default()
            };
            let configs = wire.call(4, &describe).results.remove(0).configs.into_iter();
            let set = configs.filter(|config| config.config_source == 1);
            let set: BTreeMap<_, _> = set.map(|c| (c.name, c.value.unwrap())).collect();
            let policy = policy.iter().chain(&[
                ("cleanup.policy", "compact"),
                ("segment.bytes", "104857600"),
            ]);
            let policy = policy.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            assert_eq!(set, policy.collect());
        }
    }
}

#[test]
fn kafka_s_own_topics_are_not_there_before() {
    let broker = Broker::start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let all = MetadataRequest {
        topics: None,
        ..Default::default()
    };
    assert!(wire.call(12, &all).topics.is_empty());
}

#[test]
fn a_topic_is_created_by_asking_for_it_embedded() {
    let broker = Broker::start().unwrap();
    a_topic_is_created_by_asking_for_it(&mut Wire::connect(broker.address(1)));
}

#[test]
fn a_topic_is_created_by_asking_for_it_real() {
    require!();
    let kafka = Kafka::builder()
        .property("auto.create.topics.enable", "true")
        .start()
        .unwrap();
    let mut wire = Wire::connect(kafka.address(1, Listener::Plaintext));
    a_topic_is_created_by_asking_for_it(&mut wire);
}

fn a_topic_is_created_by_asking_for_it(wire: &mut Wire) {
    let request = |allow| MetadataRequest {
        topics: Some(vec![MetadataRequestTopic {
            name: Some("auto".into()),
            ..Default::default()
        }]),
        allow_auto_topic_creation: allow,
        ..Default::default()
    };
    let unknown = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    assert_eq!(wire.call(9, &request(false)).topics[0].error_code, unknown);
    assert_eq!(wire.call(9, &request(false)).topics[0].error_code, unknown);
    assert_eq!(wire.call(9, &request(true)).topics[0].error_code, unknown);
    let topic = until(|| {
        let topic = wire.call(9, &request(false)).topics.remove(0);
        topic.error_code.is_ok().then_some(topic)
    });
    assert_eq!(topic.partitions.len(), 1);
}

on_both! {
    fn a_topic_that_cannot_be_is_refused(cluster) {
        let mut wire = cluster.wire();
        let mut configured = creatable("bad-config", 1, 1);
        configured.configs = vec![CreatableTopicConfig {
            name: "no.such.config".into(),
            value: Some("1".into()),
            ..Default::default()
        }];
        let mut mistyped = creatable("bad-value", 1, 1);
        mistyped.configs = vec![CreatableTopicConfig {
            name: "retention.ms".into(),
            value: Some("soon".into()),
            ..Default::default()
        }];
        let long = "x".repeat(250);
        let request = CreateTopicsRequest {
            topics: vec![
                creatable("no good", 1, 1),
                creatable("", 1, 1),
                creatable("..", 1, 1),
                creatable(&long, 1, 1),
                creatable("none", 0, 1),
                creatable("many-copies", 1, 9),
                creatable("no-copy", 1, 0),
                configured,
                mistyped,
            ],
            timeout_ms: 30_000,
            ..Default::default()
        };
        let response = wire.call(7, &request);
        let mut codes: Vec<(&str, ErrorCode)> = response
            .topics
            .iter()
            .map(|topic| (topic.name.as_str(), topic.error_code))
            .collect();
        codes.sort();
        assert_eq!(codes, [
            ("", ErrorCode::INVALID_TOPIC_EXCEPTION),
            ("..", ErrorCode::INVALID_TOPIC_EXCEPTION),
            ("bad-config", ErrorCode::INVALID_CONFIG),
            ("bad-value", ErrorCode::INVALID_CONFIG),
            ("many-copies", ErrorCode::INVALID_REPLICATION_FACTOR),
            ("no good", ErrorCode::INVALID_TOPIC_EXCEPTION),
            ("no-copy", ErrorCode::INVALID_REPLICATION_FACTOR),
            ("none", ErrorCode::INVALID_PARTITIONS),
            (long.as_str(), ErrorCode::INVALID_TOPIC_EXCEPTION),
        ]);
        for topic in &response.topics {
            assert!(topic.error_message.is_some(), "{topic:?}");
        }
    }

    fn a_topic_is_created_once(cluster) {
        let created = cluster.topic("once", 2, &[]);
        let mut wire = cluster.wire();
        let request = CreateTopicsRequest {
            topics: vec![creatable("once", 1, 1)],
            timeout_ms: 30_000,
            ..Default::default()
        };
        let response = wire.call(5, &request);
        assert_eq!(response.topics[0].error_code, ErrorCode::TOPIC_ALREADY_EXISTS);
        assert_eq!(response.topics[0].error_message.as_deref(), Some("Topic 'once' already exists."));
        assert_eq!(metadata(&mut wire, "once").topic_id, created.topic_id);
    }

    fn a_topic_is_not_created_by_a_look(cluster) {
        let mut wire = cluster.wire();
        let request = CreateTopicsRequest {
            topics: vec![creatable("look", 3, 1)],
            validate_only: true,
            timeout_ms: 30_000,
            ..Default::default()
        };
        let response = wire.call(7, &request);
        let topic = &response.topics[0];
        assert_eq!(topic.error_code, ErrorCode::NONE);
        assert_ne!(topic.topic_id, Uuid::ZERO);
        assert_eq!((topic.num_partitions, topic.replication_factor), (3, 1));
        let error = metadata(&mut wire, "look").error_code;
        assert_eq!(error, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    }

    fn the_configuration_of_a_new_topic_is_told(cluster) {
        let mut wire = cluster.wire();
        let mut topic = creatable("configured", -1, -1);
        topic.configs = vec![CreatableTopicConfig {
            name: "retention.ms".into(),
            value: Some("1000".into()),
            ..Default::default()
        }];
        let request = CreateTopicsRequest {
            topics: vec![topic],
            timeout_ms: 30_000,
            ..Default::default()
        };
        let response = wire.call(7, &request);
        let created = &response.topics[0];
        assert_eq!(created.error_message, None);
        assert_eq!((created.num_partitions, created.replication_factor), (1, 1));
        let configs = created.configs.as_ref().unwrap();
        let told: Vec<(&str, Option<&str>, i8)> = configs
            .iter()
            .map(|config| (config.name.as_str(), config.value.as_deref(), config.config_source))
            .filter(|(name, ..)| ["retention.ms", "max.message.bytes", "cleanup.policy"].contains(name))
            .collect();
        assert_eq!(told, [
            ("cleanup.policy", Some("delete"), 5),
            ("max.message.bytes", Some("1048588"), 5),
            ("retention.ms", Some("1000"), 1),
        ]);
        let names: Vec<&str> = configs.iter().map(|config| config.name.as_str()).collect();
        assert!(names.is_sorted());
        assert_eq!(names.len(), 37, "{names:?}");
    }

    fn a_topic_is_found_by_its_id_and_deleted_by_it(cluster) {
        let topic = cluster.topic("by-id", 1, &[]);
        let mut wire = cluster.wire();
        let by_id = |id| MetadataRequest {
            topics: Some(vec![MetadataRequestTopic { topic_id: id, name: None, ..Default::default() }]),
            allow_auto_topic_creation: false,
            ..Default::default()
        };
        let found = wire.call(12, &by_id(topic.topic_id)).topics.remove(0);
        assert_eq!(found.name.as_deref(), Some("by-id"));
        let nobody = wire.call(12, &by_id(Uuid::from(7))).topics.remove(0);
        assert_eq!(nobody.error_code, ErrorCode::UNKNOWN_TOPIC_ID);
        assert_eq!(nobody.name, None);
        let delete = |name: Option<&str>, topic_id| DeleteTopicsRequest {
            topics: vec![DeleteTopicState { name: name.map(Into::into), topic_id, ..Default::default() }],
            timeout_ms: 30_000,
            ..Default::default()
        };
        let unknown = wire.call(6, &delete(None, Uuid::from(7))).responses.remove(0);
        assert_eq!(unknown.error_code, ErrorCode::UNKNOWN_TOPIC_ID);
        let unknown = wire.call(6, &delete(Some("nobody"), Uuid::ZERO)).responses.remove(0);
        assert_eq!(unknown.error_code, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        let deleted = wire.call(6, &delete(None, topic.topic_id)).responses.remove(0);
        assert_eq!((deleted.error_code, deleted.name.as_deref()), (ErrorCode::NONE, Some("by-id")));
        until(|| (metadata(&mut wire, "by-id").error_code == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION).then_some(()));
    }

    fn every_version_of_metadata_is_answered(cluster) {
        let topic = cluster.topic("metadata-versions", 1, &[]);
        let mut wire = cluster.wire();
        for version in 0..=13 {
            let request = MetadataRequest {
                topics: Some(vec![MetadataRequestTopic { name: Some("metadata-versions".into()), ..Default::default() }]),
                include_topic_authorized_operations: version >= 8,
                include_cluster_authorized_operations: (8..=10).contains(&version),
                allow_auto_topic_creation: true,
                ..Default::default()
            };
            let response = wire.call(version, &request);
            let found = &response.topics[0];
            assert_eq!(found.partitions.len(), 1, "version {version}");
            assert_eq!(found.partitions[0].leader_id, 1);
            let id = if version >= 10 { topic.topic_id } else { Uuid::ZERO };
            assert_eq!(found.topic_id, id);
            let operations = if version >= 8 { 3576 } else { i32::MIN };
            assert_eq!(found.topic_authorized_operations, operations);
            let operations = if (8..=10).contains(&version) { 8096 } else { i32::MIN };
            assert_eq!(response.cluster_authorized_operations, operations);
        }
    }

    fn a_coordinator_is_found_in_every_version(cluster) {
        let mut wire = cluster.wire();
        for version in 0..=6 {
            let mut request = FindCoordinatorRequest::default();
            if version < 4 {
                request.key = "group".into();
            } else {
                request.coordinator_keys = vec!["group".into(), "other".into()];
            }
            until(|| {
                let response = wire.call(version, &request);
                let (error, node) = match response.coordinators.first() {
                    Some(found) => (found.error_code, found.node_id),
                    None => (response.error_code, response.node_id),
                };
                // Real Kafka creates the topic of the groups when it is asked first.
                if error == ErrorCode::COORDINATOR_NOT_AVAILABLE {
                    return None;
                }
                assert_eq!((error, node), (ErrorCode::NONE, 1), "version {version}");
                Some(())
            });
        }
    }
}
