//! Requests of somebody who may do little, about topics and groups.

use bytes::Bytes;
use libkafka_protocol::Uuid;
use libkafka_protocol::messages::create_topics::CreatableTopic;
use libkafka_protocol::messages::delete_topics::DeleteTopicState;
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::{
    CreateTopicsRequest, DeleteGroupsRequest, DeleteTopicsRequest, DescribeConfigsRequest,
    DescribeGroupsRequest, DescribeTransactionsRequest, EndTxnRequest, HeartbeatRequest,
    ListOffsetsRequest, MetadataRequest, OffsetCommitRequest, OffsetFetchRequest,
};

use super::both::{Both, named};
use crate::cluster::produce_request;

const TOPICS: [&str; 4] = ["open", "pre-fixed", "closed", "nowhere"];

/// Asks where a topic ends, and produces nothing to it.
pub(super) fn alice_reads_and_writes(alice: &mut Both, name: &str) {
    alice.ask(|_, _| ListOffsetsRequest {
        replica_id: -1,
        topics: vec![ListOffsetsTopic {
            name: name.into(),
            partitions: vec![ListOffsetsPartition {
                timestamp: -1,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    });
    alice.ask_up_to(
        12,
        |_, _| produce_request(name, 1, Some(Bytes::new())),
        |_| {},
    );
}

pub(super) fn alice_asks_for_topics(alice: &mut Both) {
    for name in TOPICS {
        alice.ask_up_to(
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
                // Others have been asked for in the meantime.
                response
                    .topics
                    .iter_mut()
                    .for_each(|topic| topic.topic_id = Uuid::ZERO);
            },
        );
        alice_reads_and_writes(alice, name);
        alice.ask_up_to(
            5,
            |version, _| {
                let mut request = DeleteTopicsRequest {
                    timeout_ms: 30_000,
                    ..Default::default()
                };
                match version {
                    6.. => request.topics = vec![DeleteTopicState::default()],
                    _ => request.topic_names = vec!["closed".into(), "nowhere".into()],
                }
                request
            },
            |response| response.responses.sort_by_key(|topic| topic.name.clone()),
        );
        alice.ask_up_to(
            4,
            |_, _| DescribeConfigsRequest {
                resources: vec![DescribeConfigsResource {
                    resource_type: 2,
                    resource_name: name.into(),
                    configuration_keys: Some(vec!["retention.ms".into()]),
                    ..Default::default()
                }],
                ..Default::default()
            },
            |_| {},
        );
    }
    // Only what there is to be seen.
    alice.ask_up_to(
        13,
        |version, _| MetadataRequest {
            // The first version asks so for all.
            topics: (version == 0).then(Vec::new),
            ..Default::default()
        },
        |response| {
            response.cluster_id = None;
            response.brokers.clear();
            response.topics.sort_by_key(|topic| topic.name.clone());
            response
                .topics
                .iter_mut()
                .for_each(|topic| topic.topic_id = Uuid::ZERO);
        },
    );
    alice.ask(|_, _| CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: "new".into(),
            num_partitions: 1,
            replication_factor: 1,
            ..Default::default()
        }],
        timeout_ms: 30_000,
        ..Default::default()
    });
}

pub(super) fn alice_asks_for_groups(alice: &mut Both) {
    for group in ["group", "other"] {
        alice.ask(|_, _| HeartbeatRequest {
            group_id: group.into(),
            member_id: "nobody".into(),
            ..Default::default()
        });
        alice.ask(|_, _| DescribeGroupsRequest {
            groups: vec![group.into()],
            include_authorized_operations: false,
            ..Default::default()
        });
        alice.ask(|_, _| DeleteGroupsRequest {
            groups_names: vec![group.into()],
            ..Default::default()
        });
        for topic in ["open", "closed"] {
            alice.ask_up_to(
                9,
                |_, _| OffsetCommitRequest {
                    group_id: group.into(),
                    generation_id_or_member_epoch: -1,
                    topics: vec![OffsetCommitRequestTopic {
                        name: topic.into(),
                        partitions: vec![OffsetCommitRequestPartition::default()],
                        ..Default::default()
                    }],
                    ..Default::default()
                },
                |_| {},
            );
            alice.ask_up_to(
                9,
                |version, id| match version {
                    8.. => OffsetFetchRequest {
                        groups: vec![OffsetFetchRequestGroup {
                            group_id: group.into(),
                            topics: Some(vec![OffsetFetchRequestTopics {
                                name: named(version, 10, topic, id).0,
                                partition_indexes: vec![0],
                                ..Default::default()
                            }]),
                            ..Default::default()
                        }],
                        ..Default::default()
                    },
                    _ => OffsetFetchRequest {
                        group_id: group.into(),
                        topics: Some(vec![OffsetFetchRequestTopic {
                            name: topic.into(),
                            partition_indexes: vec![0],
                            ..Default::default()
                        }]),
                        ..Default::default()
                    },
                },
                |_| {},
            );
        }
    }
    for id in ["id", "another"] {
        alice.ask(|_, _| EndTxnRequest {
            transactional_id: id.into(),
            producer_id: 1,
            ..Default::default()
        });
        alice.ask(|_, _| DescribeTransactionsRequest {
            transactional_ids: vec![id.into()],
            ..Default::default()
        });
    }
}
