//! Any request, to the broker that it has to go to.

use std::time::Duration;

use libkafka_client::protocol::messages::{
    CreateTopicsRequest, DescribeClusterRequest, HeartbeatRequest, ListGroupsRequest,
};
use libkafka_client::protocol::{ApiKey, ErrorCode, KafkaWire, Response};
use libkafka_client::{Error, RetryMethod, RetryPolicy, Target};
use libkafka_testkafka::{Kafka, require};

use libkafka_integration::until;

use crate::cluster::Cluster;
use crate::on_both;
use crate::topics::{client, create};

on_both! {
    fn a_call_goes_where_its_request_says(cluster) {
        let mut client = client(cluster);
        let cluster = client.call(&DescribeClusterRequest::default()).unwrap();
        assert_eq!(cluster.brokers.len(), 1);
        let created = client.call(&CreateTopicsRequest::default()).unwrap();
        assert_eq!(created.topics, []);
        let id = cluster.brokers[0].broker_id;
        let groups = client
            .call_to(Target::Broker(id), &ListGroupsRequest::default())
            .unwrap();
        assert_eq!(groups.first_error(), None);
        assert_eq!(client.last_exchange().unwrap().broker.id, Some(id));
    }

    fn a_call_to_a_coordinator_wants_its_key(cluster) {
        let mut client = client(cluster);
        let request = HeartbeatRequest {
            group_id: "no-such-group".into(),
            member_id: "nobody".into(),
            ..Default::default()
        };
        let error = client.call(&request).unwrap_err();
        assert!(
            matches!(
                error,
                Error::NoTarget {
                    api: ApiKey::HEARTBEAT,
                    ..
                }
            ),
            "{error:?}"
        );
        // The first use of groups makes the broker create the topic of their offsets; while it loads
        // that, it answers heartbeats blindly.
        until(|| {
            let target = Target::GroupCoordinator("no-such-group");
            match client.call_to(target, &request).map(|r| r.error_code) {
                Ok(ErrorCode::UNKNOWN_MEMBER_ID) => return Some(()),
                Ok(ErrorCode::NONE) => {}
                Ok(code) => assert!(code.is_retriable(), "{code}"),
                Err(error) => assert_eq!(error.retry_method(), RetryMethod::Refresh, "{error}"),
            }
            None
        });
    }
}

// On real Kafka alone: the embedded broker has no share groups.
#[test]
fn every_target_is_found() {
    require!();
    let mut client = client(&Cluster::Real(Kafka::shared()));
    create(&mut client, "targets", 1, &[]);
    let id = client.leader("targets", 0).unwrap().topic_id.unwrap();
    let share = format!("some-group:{id}:0");
    let policy = RetryPolicy::for_idempotent_calls();
    for target in [
        Target::Any,
        Target::Broker(1),
        Target::Controller,
        Target::Leader("targets", 0),
        Target::GroupCoordinator("some-group"),
        Target::TransactionCoordinator("some-id"),
        Target::ShareCoordinator(&share),
    ] {
        // The first use of a coordinator makes the broker create the topic that it needs.
        let found = policy.run(Duration::from_secs(60), &mut client, |client| {
            client.broker_of(target)
        });
        assert_eq!(found.unwrap(), 1, "{target:?}");
    }
    let error = client
        .broker_of(Target::ShareCoordinator("no key"))
        .unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::INVALID_REQUEST));
    let versions = client.api_versions(Target::Broker(17)).unwrap_err();
    assert!(matches!(versions, Error::UnknownBroker { id: 17 }));
}

/// A request of a user's own: Metadata for people who want one topic's name and nothing else.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "9", flexible = "9+")]
struct OneTopicRequest {
    topics: Vec<OneTopicName>,
    allow_auto_topic_creation: bool,
    include_cluster_authorized_operations: bool,
    include_topic_authorized_operations: bool,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct OneTopicName {
    name: String,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "9", flexible = "9+")]
struct OneTopicResponse {
    throttle_time_ms: i32,
    brokers: Vec<BrokerOfMine>,
    cluster_id: Option<String>,
    controller_id: i32,
    topics: Vec<TopicOfMine>,
    cluster_authorized_operations: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct BrokerOfMine {
    node_id: i32,
    host: String,
    port: i32,
    rack: Option<String>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct TopicOfMine {
    error_code: ErrorCode,
    name: String,
    is_internal: bool,
    partitions: Vec<PartitionOfMine>,
    topic_authorized_operations: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct PartitionOfMine {
    error_code: ErrorCode,
    partition_index: i32,
    leader_id: i32,
    leader_epoch: i32,
    replica_nodes: Vec<i32>,
    isr_nodes: Vec<i32>,
    offline_replicas: Vec<i32>,
}

on_both! {
    fn a_request_of_a_users_own_is_as_good_as_any(cluster) {
        let mut client = client(cluster);
        create(&mut client, "of-my-own", 3, &[]);
        let request = OneTopicRequest {
            topics: vec![OneTopicName { name: "of-my-own".into() }],
            ..Default::default()
        };
        let response: OneTopicResponse = client.call(&request).unwrap();
        assert_eq!(response.topics[0].name, "of-my-own");
        assert_eq!(response.topics[0].partitions.len(), 3);
    }
}
