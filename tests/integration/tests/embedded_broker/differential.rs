//! The same request to both brokers, in every version: the same response.

use std::fmt::Debug;

use bytes::Bytes;
use libkafka_protocol::messages::create_partitions::CreatePartitionsTopic;
use libkafka_protocol::messages::create_topics::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use libkafka_protocol::messages::delete_records::{DeleteRecordsPartition, DeleteRecordsTopic};
use libkafka_protocol::messages::delete_topics::DeleteTopicState;
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::leave_group::MemberIdentity;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::offset_delete::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::*;
use libkafka_protocol::{ErrorCode, Request, Response, Uuid};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, require};

use crate::cluster::{Cluster, produce_request};
use crate::wire::Wire;
use libkafka_integration::{batch, until};

/// Both brokers, with a topic in each.
struct Both {
    ours: Wire,
    theirs: Wire,
    ids: [Uuid; 2],
}

impl Both {
    fn start(topic: &str) -> (Both, Cluster) {
        let ours = Cluster::Embedded(
            Broker::builder()
                // As the real one is configured.
                .config("auto.create.topics.enable", "false")
                .config("log.retention.ms", "-1")
                .start()
                .unwrap(),
        );
        let theirs = Cluster::Real(Kafka::shared());
        let ids = [&ours, &theirs].map(|cluster| cluster.topic(topic, 2, &[]).topic_id);
        // Has real Kafka make the topic that groups are kept in.
        let find = FindCoordinatorRequest {
            coordinator_keys: vec!["any".into()],
            ..Default::default()
        };
        let mut wire = theirs.wire();
        until(|| wire.call(4, &find).first_error().is_none().then_some(()));
        let both = Both {
            ours: ours.wire(),
            theirs: theirs.wire(),
            ids,
        };
        (both, ours)
    }

    /// Asks both in every version.
    #[track_caller]
    fn ask<R: Request<Response: Debug>>(&mut self, request: impl Fn(i16, Uuid) -> R) {
        self.ask_up_to(R::VERSIONS.max, request, |_| {});
    }

    /// As [`ask`](Self::ask), up to a version, and with what cannot be the same made so.
    #[track_caller]
    fn ask_up_to<R: Request<Response: Debug>>(
        &mut self,
        last: i16,
        request: impl Fn(i16, Uuid) -> R,
        same: impl Fn(&mut R::Response),
    ) {
        for version in R::VERSIONS.min..=last {
            let mut ours = self.ours.call(version, &request(version, self.ids[0]));
            let mut theirs = until(|| {
                let response = self.theirs.call(version, &request(version, self.ids[1]));
                let passes = [
                    ErrorCode::COORDINATOR_LOAD_IN_PROGRESS,
                    ErrorCode::NOT_COORDINATOR,
                    ErrorCode::COORDINATOR_NOT_AVAILABLE,
                ];
                let busy = response
                    .all_error_codes()
                    .iter()
                    .any(|code| passes.contains(code));
                (!busy).then_some(response)
            });
            same(&mut ours);
            same(&mut theirs);
            // The ids of topics are each broker's own.
            let [our_id, their_id] = self.ids.map(|id| id.to_string());
            let ours = format!("{ours:?}").replace(&our_id, &their_id);
            let theirs = format!("{theirs:?}");
            assert_eq!(ours, theirs, "ours, theirs: {} v{version}", R::API_KEY);
        }
    }
}

/// The name or the id of the topic, as the version has it.
fn named(version: i16, by_id: i16, name: &str, id: Uuid) -> (String, Uuid) {
    if version >= by_id {
        (String::new(), id)
    } else {
        (name.into(), Uuid::ZERO)
    }
}

#[test]
fn every_api_is_spoken_in_the_versions_that_real_kafka_speaks() {
    require!();
    let (mut both, _ours) = Both::start("same-versions");
    let request = ApiVersionsRequest {
        client_software_name: "wire".into(),
        client_software_version: "1".into(),
        ..Default::default()
    };
    let served = both.ours.call(3, &request).api_keys;
    for version in 0..=4 {
        let theirs = both.theirs.call(version, &request).api_keys;
        let ours = both.ours.call(version, &request).api_keys;
        assert_eq!(ours, served, "v{version}");
        for api in &ours {
            assert!(theirs.contains(api), "{api:?} v{version}: {theirs:?}");
        }
    }
    let served: Vec<i16> = served.iter().map(|api| api.api_key.0).collect();
    let classic = 0..=3;
    let offsets_and_groups = 8..=28;
    let rest = [32, 36, 37, 42, 44, 47, 60, 61, 65, 66, 68, 69];
    let wanted = classic.chain(offsets_and_groups).chain(rest);
    let missing: Vec<i16> = wanted.filter(|key| !served.contains(key)).collect();
    assert_eq!(missing, Vec::<i16>::new());
}

#[test]
fn produce_is_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-produce");
    let change = |at: usize, value: u8| {
        let mut bytes = batch(&["a", "b"]).to_vec();
        bytes[at] = value;
        Bytes::from(bytes)
    };
    let whole = batch(&["a"]);
    let cases = [
        Some(Bytes::new()),
        Some(change(16, 3)),
        Some(change(11, 3)),
        Some(change(10, 3)),
        Some(change(7, 1)),
        Some([&whole[..], &whole[..]].concat().into()),
        Some(whole.slice(..40)),
    ];
    for records in cases {
        both.ask(|version, id| {
            let mut request = produce_request("", -1, records.clone());
            let topic = &mut request.topic_data[0];
            (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
            request
        });
    }
    // A wrong checksum, which the message names.
    let request = |version, id| {
        let mut request = produce_request("", -1, Some(change(batch(&["a", "b"]).len() - 1, 0xff)));
        let topic = &mut request.topic_data[0];
        (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
        request
    };
    both.ask(request);
    for (name, id, index, acks) in [
        ("nowhere", Uuid::from(5), 0, -1),
        ("same-produce", Uuid::ZERO, 7, -1),
        ("same-produce", Uuid::ZERO, 0, 5),
        ("__consumer_offsets", Uuid::ZERO, 0, -1),
    ] {
        both.ask_up_to(
            if id.is_zero() { 12 } else { 13 },
            |version, _| {
                let mut request = produce_request("", acks, Some(whole.clone()));
                let topic = &mut request.topic_data[0];
                (topic.name, topic.topic_id) = named(version, 13, name, id);
                topic.partition_data[0].index = index;
                request
            },
            |_| {},
        );
    }
}

#[test]
fn fetch_and_offsets_are_answered_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-fetch");
    for (name, unknown, partition, offset, epoch, size) in [
        ("same-fetch", None, 0, 0, -1, 1000),
        ("same-fetch", None, 0, 1, -1, 1000),
        ("same-fetch", None, 0, -5, -1, 1000),
        ("same-fetch", None, 0, 0, 0, 0),
        ("same-fetch", None, 0, 0, 9, 1000),
        ("same-fetch", None, 9, 0, -1, 1000),
        ("nowhere", Some(Uuid::from(5)), 0, 0, -1, 1000),
    ] {
        let request = |version, id| {
            let (topic, topic_id) = named(version, 13, name, unknown.unwrap_or(id));
            FetchRequest {
                topics: vec![FetchTopic {
                    topic,
                    topic_id,
                    partitions: vec![FetchPartition {
                        partition,
                        fetch_offset: offset,
                        current_leader_epoch: epoch,
                        partition_max_bytes: size,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            }
        };
        both.ask(request);
        both.ask(|_, _| ListOffsetsRequest {
            replica_id: -1,
            topics: vec![ListOffsetsTopic {
                name: name.into(),
                partitions: vec![ListOffsetsPartition {
                    partition_index: partition,
                    current_leader_epoch: epoch,
                    timestamp: -1,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
        both.ask(|_, _| OffsetForLeaderEpochRequest {
            replica_id: -1,
            topics: vec![OffsetForLeaderTopic {
                topic: name.into(),
                partitions: vec![OffsetForLeaderPartition {
                    partition,
                    current_leader_epoch: epoch,
                    leader_epoch: 0,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
    }
    for timestamp in [-1, -2, -3, -4, -5, -6, -9, 0, 1 << 50] {
        both.ask(|_, _| ListOffsetsRequest {
            replica_id: -1,
            topics: vec![ListOffsetsTopic {
                name: "same-fetch".into(),
                partitions: vec![ListOffsetsPartition {
                    timestamp,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
    }
}

#[test]
fn groups_answer_strangers_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-groups");
    for group in ["nobodys", ""] {
        for (member, session_timeout_ms, protocol) in [
            ("stranger", 10_000, "range"),
            ("", 1, "range"),
            ("", 10_000, ""),
        ] {
            both.ask(|_, _| JoinGroupRequest {
                group_id: group.into(),
                session_timeout_ms,
                rebalance_timeout_ms: 10_000,
                member_id: member.into(),
                protocol_type: "consumer".into(),
                protocols: [protocol]
                    .iter()
                    .filter(|name| !name.is_empty())
                    .map(|name| JoinGroupRequestProtocol {
                        name: (*name).into(),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            });
        }
        both.ask(|_, _| SyncGroupRequest {
            group_id: group.into(),
            generation_id: 1,
            member_id: "stranger".into(),
            protocol_type: Some("consumer".into()),
            protocol_name: Some("range".into()),
            ..Default::default()
        });
        both.ask(|_, _| HeartbeatRequest {
            group_id: group.into(),
            generation_id: 1,
            member_id: "stranger".into(),
            ..Default::default()
        });
        both.ask(|version, _| {
            let mut request = LeaveGroupRequest {
                group_id: group.into(),
                ..Default::default()
            };
            if version < 3 {
                request.member_id = "stranger".into();
            } else {
                request.members = vec![
                    MemberIdentity {
                        member_id: "stranger".into(),
                        ..Default::default()
                    },
                    MemberIdentity {
                        group_instance_id: Some("nobody".into()),
                        ..Default::default()
                    },
                ];
            }
            request
        });
        both.ask(|version, id| {
            let (name, topic_id) = named(version, 10, "same-groups", id);
            OffsetCommitRequest {
                group_id: group.into(),
                generation_id_or_member_epoch: 3,
                member_id: "stranger".into(),
                topics: vec![OffsetCommitRequestTopic {
                    name,
                    topic_id,
                    partitions: vec![OffsetCommitRequestPartition::default()],
                    ..Default::default()
                }],
                ..Default::default()
            }
        });
        both.ask(|version, id| {
            let mut request = OffsetFetchRequest::default();
            if version < 8 {
                request.group_id = group.into();
                request.topics = Some(vec![OffsetFetchRequestTopic {
                    name: "same-groups".into(),
                    partition_indexes: vec![0, 9],
                    ..Default::default()
                }]);
            } else {
                let (name, topic_id) = named(version, 10, "same-groups", id);
                request.topics = Some(Vec::new());
                request.groups = vec![OffsetFetchRequestGroup {
                    group_id: group.into(),
                    topics: Some(vec![OffsetFetchRequestTopics {
                        name,
                        topic_id,
                        partition_indexes: vec![0, 9],
                        ..Default::default()
                    }]),
                    ..Default::default()
                }];
            }
            request
        });
        both.ask(|_, _| DescribeGroupsRequest {
            groups: vec![group.into()],
            ..Default::default()
        });
        both.ask(|_, _| DeleteGroupsRequest {
            groups_names: vec![group.into()],
            ..Default::default()
        });
        both.ask(|_, _| OffsetDeleteRequest {
            group_id: group.into(),
            topics: vec![OffsetDeleteRequestTopic {
                name: "same-groups".into(),
                partitions: vec![OffsetDeleteRequestPartition::default()],
            }],
        });
    }
    both.ask_up_to(
        6,
        |version, _| {
            let mut request = FindCoordinatorRequest::default();
            if version >= 1 {
                request.key_type = 7;
            }
            if version < 4 {
                request.key = "any".into();
            } else {
                request.coordinator_keys = vec!["any".into()];
            }
            request
        },
        |response| {
            // Version 0 knows of groups alone, and where their coordinators are differs.
            if response.error_code.is_ok() && response.coordinators.is_empty() {
                (response.port, response.host) = (0, String::new());
            }
        },
    );
}

#[test]
fn admin_requests_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-admin");
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
        topic("same-admin", 1, 1),
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
            name: Some("same-admin".into()),
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
    for (name, count) in [
        ("nowhere", 5),
        ("same-admin", 2),
        ("same-admin", 1),
        ("same-admin", 0),
        ("same-admin", -1),
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
    for (name, offset) in [("nowhere", 0), ("same-admin", 5), ("same-admin", -3)] {
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
    for (resource_type, name) in [(2, "nowhere"), (2, "no good"), (4, "7"), (3, "odd")] {
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
            resource_type: 2,
            resource_name: "same-admin".into(),
            configuration_keys: None,
            ..Default::default()
        }],
        ..Default::default()
    };
    both.ask_up_to(4, described, |response| {
        let configs = &mut response.results[0].configs;
        configs.sort_by(|a, b| a.name.cmp(&b.name));
    });
    for (name, key, operation, value) in [
        ("nowhere", "retention.ms", 0, Some("1")),
        ("same-admin", "no.such.config", 0, Some("1")),
        ("same-admin", "retention.ms", 0, Some("soon")),
        ("same-admin", "retention.ms", 0, None),
        ("same-admin", "retention.ms", 2, Some("1")),
        ("same-admin", "retention.ms", 3, Some("1")),
        ("same-admin", "retention.ms", 7, Some("1")),
    ] {
        both.ask(|_, _| IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: 2,
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
