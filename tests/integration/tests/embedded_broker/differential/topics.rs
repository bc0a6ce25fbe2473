//! Topics that are made, changed, deleted and asked for.

use libkafka_protocol::Response;
use libkafka_protocol::Uuid;
use libkafka_protocol::messages::create_partitions::CreatePartitionsTopic;
use libkafka_protocol::messages::create_topics::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use libkafka_protocol::messages::delete_records::{DeleteRecordsPartition, DeleteRecordsTopic};
use libkafka_protocol::messages::delete_topics::DeleteTopicState;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, CreateTopicsResponse, DeleteRecordsRequest,
    DeleteTopicsRequest, MetadataRequest,
};
use libkafka_testkafka::require;

use super::both::Both;

#[test]
fn topics_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-topics");
    let topic = |name: &str, num_partitions, replication_factor| CreatableTopic {
        name: name.into(),
        num_partitions,
        replication_factor,
        ..Default::default()
    };
    let config = |name: &str, value: Option<&str>| CreatableTopic {
        configs: vec![CreatableTopicConfig {
            name: name.into(),
            value: value.map(Into::into),
            ..Default::default()
        }],
        ..topic("configured-badly", 1, 1)
    };
    let assigned = |partitions: &[(i32, &[i32])]| CreatableTopic {
        assignments: partitions
            .iter()
            .map(|(index, nodes)| CreatableReplicaAssignment {
                partition_index: *index,
                broker_ids: nodes.iter().copied().collect(),
                ..Default::default()
            })
            .collect(),
        ..topic("assigned-badly", -1, -1)
    };
    for topic in [
        topic("no good", 1, 1),
        topic("", 1, 1),
        topic(".", 1, 1),
        topic(&"x".repeat(250), 1, 1),
        topic("same-topics", 1, 1),
        topic("none", 0, 1),
        topic("copies", 1, 9),
        topic("copies", 1, 0),
        topic("copies", 1, -2),
        config("no.such.config", Some("1")),
        config("retention.ms", Some("soon")),
        config("retention.ms", None),
        config("cleanup.policy", Some("forget")),
        config("message.timestamp.type", Some("Never")),
        assigned(&[(0, &[])]),
        assigned(&[(0, &[7])]),
        assigned(&[(0, &[1, 1])]),
        assigned(&[(1, &[1])]),
        assigned(&[(0, &[1]), (0, &[1])]),
    ] {
        both.ask(|_, _| CreateTopicsRequest {
            topics: vec![topic.clone()],
            timeout_ms: 30_000,
            ..Default::default()
        });
    }
}

#[test]
fn names_collide_with_those_of_earlier_requests() {
    require!();
    let (mut both, _ours) = Both::start("same-collisions");
    let request = |names: &[&str], validate_only| CreateTopicsRequest {
        topics: names
            .iter()
            .map(|name| CreatableTopic {
                name: (*name).into(),
                num_partitions: 1,
                replication_factor: 1,
                ..Default::default()
            })
            .collect(),
        timeout_ms: 30_000,
        validate_only,
        ..Default::default()
    };
    let sorted = |response: &mut CreateTopicsResponse| {
        response.topics.sort_by(|a, b| a.name.cmp(&b.name));
    };
    let two = ["col.li_de", "col_li.de"];
    both.ask_up_to(4, |_, _| request(&two, true), sorted);
    for wire in [&mut both.ours, &mut both.theirs] {
        let created = wire.call(4, &request(&two, false));
        assert_eq!(created.first_error(), None);
        let delete = DeleteTopicsRequest {
            topic_names: vec![two[0].into()],
            timeout_ms: 30_000,
            ..Default::default()
        };
        assert_eq!(wire.call(4, &delete).first_error(), None);
    }
    // With the one that is left.
    both.ask_up_to(4, |_, _| request(&["col_li_de", two[1]], true), sorted);
}

#[test]
fn deletions_of_topics_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-deletions");
    both.ask(|version, _| {
        let mut request = DeleteTopicsRequest {
            timeout_ms: 30_000,
            ..Default::default()
        };
        if version < 6 {
            request.topic_names = vec!["nowhere".into()];
        } else {
            request.topics = vec![DeleteTopicState {
                name: Some("nowhere".into()),
                ..Default::default()
            }];
        }
        request
    });
    for state in [
        DeleteTopicState {
            topic_id: Uuid::from(5),
            ..Default::default()
        },
        DeleteTopicState {
            topic_id: Uuid::from(5),
            name: Some("same-deletions".into()),
            ..Default::default()
        },
        DeleteTopicState::default(),
    ] {
        let mut wires = [&mut both.ours, &mut both.theirs];
        let [ours, theirs] = wires.each_mut().map(|wire| {
            let request = DeleteTopicsRequest {
                topics: vec![state.clone()],
                timeout_ms: 30_000,
                ..Default::default()
            };
            wire.call(6, &request)
        });
        assert_eq!(ours, theirs);
    }
}

#[test]
fn partitions_and_records_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-partitions");
    for (name, count) in [
        ("nowhere", 5),
        ("same-partitions", 2),
        ("same-partitions", 1),
        ("same-partitions", 0),
        ("same-partitions", -1),
    ] {
        both.ask(|_, _| CreatePartitionsRequest {
            topics: vec![CreatePartitionsTopic {
                name: name.into(),
                count,
                assignments: None,
                ..Default::default()
            }],
            timeout_ms: 30_000,
            ..Default::default()
        });
    }
    for (name, offset) in [
        ("nowhere", 0),
        ("same-partitions", 5),
        ("same-partitions", -3),
    ] {
        both.ask(|_, _| DeleteRecordsRequest {
            topics: vec![DeleteRecordsTopic {
                name: name.into(),
                partitions: vec![DeleteRecordsPartition {
                    offset,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            timeout_ms: 30_000,
            ..Default::default()
        });
    }
}

#[test]
fn metadata_of_unknown_topics_is_the_same() {
    require!();
    let (mut both, _ours) = Both::start("same-metadata");
    for name in ["nowhere", "no good", ""] {
        both.ask_up_to(
            13,
            |_, _| MetadataRequest {
                topics: Some(vec![MetadataRequestTopic {
                    name: Some(name.into()),
                    ..Default::default()
                }]),
                ..Default::default()
            },
            |response| {
                response.cluster_id = None;
                response.brokers.clear();
            },
        );
    }
}

#[test]
fn partitions_are_counted_a_request_and_topics_are_told_of_once() {
    require!();
    let (mut both, _ours) = Both::start("same-counts");
    let topic = |name: &str| CreatableTopic {
        name: name.into(),
        num_partitions: 6_000,
        replication_factor: 1,
        ..Default::default()
    };
    both.ask(|_, _| CreateTopicsRequest {
        topics: vec![topic("half"), topic("too-much")],
        timeout_ms: 30_000,
        validate_only: true,
        ..Default::default()
    });
    both.ask(|_, _| CreatePartitionsRequest {
        topics: vec![CreatePartitionsTopic {
            name: "same-counts".into(),
            count: 20_000,
            assignments: None,
            ..Default::default()
        }],
        timeout_ms: 30_000,
        validate_only: true,
        ..Default::default()
    });
    let named = |name: &str| MetadataRequestTopic {
        name: Some(name.into()),
        ..Default::default()
    };
    both.ask_up_to(
        13,
        |_, _| MetadataRequest {
            topics: Some(
                ["nowhere", "no good", "nowhere", "no good"]
                    .map(named)
                    .into(),
            ),
            ..Default::default()
        },
        |response| {
            response.cluster_id = None;
            response.brokers.clear();
            response.topics.sort_by(|a, b| a.name.cmp(&b.name));
        },
    );
}
