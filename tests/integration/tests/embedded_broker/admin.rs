//! What admin clients ask for.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::TOPIC;
use libkafka_protocol::messages::alter_replica_log_dirs::{
    AlterReplicaLogDir, AlterReplicaLogDirTopic,
};
use libkafka_protocol::messages::create_partitions::CreatePartitionsTopic;
use libkafka_protocol::messages::create_topics::{CreatableReplicaAssignment, CreatableTopic};
use libkafka_protocol::messages::delete_records::{DeleteRecordsPartition, DeleteRecordsTopic};
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::elect_leaders::TopicPartitions;
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{
    AlterReplicaLogDirsRequest, CreatePartitionsRequest, CreateTopicsRequest, DeleteRecordsRequest,
    DescribeClusterRequest, DescribeConfigsRequest, DescribeLogDirsRequest, ElectLeadersRequest,
    IncrementalAlterConfigsRequest, OffsetForLeaderEpochRequest,
};
use libkafka_testbroker::Broker;

use crate::cluster::{metadata, produce};
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::{batch, until};

fn alter(
    wire: &mut Wire,
    topic: &str,
    name: &str,
    operation: i8,
    value: Option<&str>,
) -> ErrorCode {
    let request = IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: TOPIC,
            resource_name: topic.into(),
            configs: vec![AlterableConfig {
                name: name.into(),
                config_operation: operation,
                value: value.map(Into::into),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    wire.call(1, &request).responses[0].error_code
}

/// Value, source, type and synonyms of a topic's configuration.
type Described = (Option<String>, i8, i8, Vec<(String, Option<String>, i8)>);

fn described(wire: &mut Wire, topic: &str, name: &str) -> Result<Described, ErrorCode> {
    let request = DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: topic.into(),
            configuration_keys: Some(vec![name.into()]),
            ..Default::default()
        }],
        include_synonyms: true,
        ..Default::default()
    };
    let result = wire.call(4, &request).results.remove(0);
    if !result.error_code.is_ok() {
        return Err(result.error_code);
    }
    assert_eq!(result.configs.len(), 1, "{result:?}");
    let config = &result.configs[0];
    let synonyms = config.synonyms.iter();
    let synonyms = synonyms.map(|s| (s.name.clone(), s.value.clone(), s.source));
    Ok((
        config.value.clone(),
        config.config_source,
        config.config_type,
        synonyms.collect(),
    ))
}

fn end_of_epoch(wire: &mut Wire, topic: &str, current: i32, epoch: i32) -> (ErrorCode, i32, i64) {
    let request = OffsetForLeaderEpochRequest {
        replica_id: -1,
        topics: vec![OffsetForLeaderTopic {
            topic: topic.into(),
            partitions: vec![OffsetForLeaderPartition {
                current_leader_epoch: current,
                leader_epoch: epoch,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = wire.call(4, &request);
    let end = &response.topics[0].partitions[0];
    (end.error_code, end.leader_epoch, end.end_offset)
}

on_both! {
    fn a_topic_grows_and_never_shrinks(cluster) {
        cluster.topic("grows", 2, &[]);
        let mut wire = cluster.wire();
        let mut grow = |name: &str, count| {
            let topic = CreatePartitionsTopic { name: name.into(), count, assignments: None, ..Default::default() };
            let request = CreatePartitionsRequest { topics: vec![topic], timeout_ms: 30_000, ..Default::default() };
            wire.call(3, &request).results[0].error_code
        };
        assert_eq!(grow("grows", 2), ErrorCode::INVALID_PARTITIONS);
        assert_eq!(grow("grows", 1), ErrorCode::INVALID_PARTITIONS);
        assert_eq!(grow("no-such-topic", 5), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        assert_eq!(grow("grows", 5), ErrorCode::NONE);
        until(|| (metadata(&mut wire, "grows").partitions.len() == 5).then_some(()));
    }

    fn the_start_of_a_log_moves_on_and_no_further_than_its_end(cluster) {
        cluster.topic("shrinks", 1, &[]);
        cluster.topic("compacted", 1, &[("cleanup.policy", "compact")]);
        let mut wire = cluster.wire();
        produce(&mut wire, "shrinks", batch(&["a", "b", "c"]));
        let mut delete = |topic: &str, offset| {
            let partition = DeleteRecordsPartition { offset, ..Default::default() };
            let topic = DeleteRecordsTopic { name: topic.into(), partitions: vec![partition], ..Default::default() };
            let request = DeleteRecordsRequest { topics: vec![topic], timeout_ms: 30_000, ..Default::default() };
            let response = wire.call(2, &request);
            let result = &response.topics[0].partitions[0];
            (result.error_code, result.low_watermark)
        };
        assert_eq!(delete("shrinks", 2), (ErrorCode::NONE, 2));
        assert_eq!(delete("shrinks", 1), (ErrorCode::NONE, 2));
        assert_eq!(delete("shrinks", 4), (ErrorCode::OFFSET_OUT_OF_RANGE, -1));
        assert_eq!(delete("shrinks", -1), (ErrorCode::NONE, 3));
        assert_eq!(delete("compacted", 0), (ErrorCode::POLICY_VIOLATION, -1));
        assert_eq!(delete("no-such-topic", 0), (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, -1));
        assert_eq!(produce(&mut wire, "shrinks", batch(&["d"])).log_start_offset, 3);
    }

    fn the_configuration_of_a_topic_is_changed_bit_by_bit(cluster) {
        cluster.topic("altered", 1, &[]);
        let mut wire = cluster.wire();
        let name = "cleanup.policy";
        let default = ("log.cleanup.policy".to_owned(), Some("delete".to_owned()), 5);
        let (value, source, kind, synonyms) = described(&mut wire, "altered", name).unwrap();
        assert_eq!((value.as_deref(), source, kind), (Some("delete"), 5, 7));
        assert_eq!(synonyms, std::slice::from_ref(&default));
        assert_eq!(alter(&mut wire, "altered", name, 2, Some("compact")), ErrorCode::NONE);
        let (value, ..) = until(|| described(&mut wire, "altered", name).ok().filter(|d| d.1 == 1));
        assert_eq!(value.as_deref(), Some("delete,compact"));
        assert_eq!(alter(&mut wire, "altered", name, 3, Some("delete")), ErrorCode::NONE);
        let is_compact = |d: &Described| d.0.as_deref() == Some("compact");
        let (.., synonyms) = until(|| described(&mut wire, "altered", name).ok().filter(is_compact));
        assert_eq!(synonyms, [(name.to_owned(), Some("compact".to_owned()), 1), default]);
        assert_eq!(alter(&mut wire, "altered", name, 1, None), ErrorCode::NONE);
        until(|| described(&mut wire, "altered", name).ok().filter(|d| d.1 == 5));

        assert_eq!(alter(&mut wire, "altered", "retention.ms", 0, Some("soon")), ErrorCode::INVALID_CONFIG);
        assert_eq!(alter(&mut wire, "altered", "retention.ms", 2, Some("1")), ErrorCode::INVALID_CONFIG);
        assert_eq!(alter(&mut wire, "altered", "no.such.config", 0, Some("1")), ErrorCode::INVALID_CONFIG);
        assert_eq!(alter(&mut wire, "no-such-topic", name, 0, Some("compact")), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        assert_eq!(described(&mut wire, "no-such-topic", name), Err(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    }

    fn the_cluster_is_described(cluster) {
        let mut wire = cluster.wire();
        let mut request = DescribeClusterRequest { include_cluster_authorized_operations: true, ..Default::default() };
        for version in 0..=2 {
            let response = wire.call(version, &request);
            assert_eq!((response.error_code, response.controller_id), (ErrorCode::NONE, 1));
            assert_eq!((response.brokers.len(), response.brokers[0].broker_id), (1, 1));
            assert_eq!(response.brokers[0].port, i32::from(cluster.address().port()));
            assert_eq!(response.cluster_authorized_operations, 8096);
        }
        request.endpoint_type = 2;
        assert_eq!(wire.call(1, &request).error_code, ErrorCode::MISMATCHED_ENDPOINT_TYPE);
    }

    fn an_epoch_ends_where_the_log_does_and_an_unknown_one_nowhere(cluster) {
        cluster.topic("epochs", 1, &[]);
        let mut wire = cluster.wire();
        produce(&mut wire, "epochs", batch(&["a", "b"]));
        assert_eq!(end_of_epoch(&mut wire, "epochs", -1, 0), (ErrorCode::NONE, 0, 2));
        assert_eq!(end_of_epoch(&mut wire, "epochs", 0, 5), (ErrorCode::NONE, -1, -1));
        assert_eq!(end_of_epoch(&mut wire, "epochs", 0, -1), (ErrorCode::NONE, -1, -1));
        assert_eq!(end_of_epoch(&mut wire, "epochs", 9, 0), (ErrorCode::UNKNOWN_LEADER_EPOCH, -1, -1));
        assert_eq!(end_of_epoch(&mut wire, "no-such-topic", -1, 0), (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, -1, -1));
    }
}

#[test]
fn a_former_epoch_ends_where_the_next_with_records_starts() {
    let broker = Broker::builder().nodes(2).topic("t", 1).start().unwrap();
    let to = |node| {
        broker.move_leader("t", 0, node);
        Wire::connect(broker.address(node))
    };
    produce(&mut to(1), "t", batch(&["a", "b"])); // epoch 1
    to(2); // epoch 2, without records
    let mut wire = to(1); // epoch 3
    produce(&mut wire, "t", batch(&["c"]));
    assert_eq!(end_of_epoch(&mut wire, "t", -1, 3), (ErrorCode::NONE, 3, 3));
    assert_eq!(end_of_epoch(&mut wire, "t", -1, 2), (ErrorCode::NONE, 1, 2));
    assert_eq!(end_of_epoch(&mut wire, "t", -1, 1), (ErrorCode::NONE, 1, 2));
    assert_eq!(
        end_of_epoch(&mut wire, "t", 2, 1),
        (ErrorCode::FENCED_LEADER_EPOCH, -1, -1)
    );
    broker.truncate("t", 0, 2);
    assert_eq!(end_of_epoch(&mut wire, "t", -1, 3), (ErrorCode::NONE, 3, 2));
}

#[test]
fn a_replica_moves_to_another_log_directory() {
    let broker = Broker::builder()
        .config("log.dirs", "/one, /other")
        .topic("t", 2);
    let broker = broker.start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let contents = |wire: &mut Wire| {
        let all = DescribeLogDirsRequest {
            topics: None,
            ..Default::default()
        };
        let dirs = wire.call(5, &all).results.into_iter();
        let dirs = dirs.map(|dir| {
            let partitions = dir.topics.iter().flat_map(|topic| &topic.partitions);
            let partitions: Vec<i32> = partitions.map(|p| p.partition_index).collect();
            (dir.log_dir, partitions)
        });
        dirs.collect::<Vec<_>>()
    };
    let is = |one: &[i32], other: &[i32]| {
        vec![
            ("/one".to_owned(), one.to_vec()),
            ("/other".to_owned(), other.to_vec()),
        ]
    };
    assert_eq!(contents(&mut wire), is(&[0, 1], &[]));
    for (path, there) in [("/other", is(&[0], &[1])), ("/one", is(&[0, 1], &[]))] {
        let request = AlterReplicaLogDirsRequest {
            dirs: vec![AlterReplicaLogDir {
                path: path.into(),
                topics: vec![AlterReplicaLogDirTopic {
                    name: "t".into(),
                    partitions: vec![1],
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let response = wire.call(2, &request);
        assert_eq!(
            response.results[0].partitions[0].error_code,
            ErrorCode::NONE
        );
        assert_eq!(contents(&mut wire), there);
    }
}

/// Real Kafka does the same, but takes long to see that a broker is gone.
#[test]
fn who_is_not_in_sync_leads_where_nobody_else_can() {
    let broker = Broker::builder().nodes(3).start().unwrap();
    let mut wire = Wire::connect(broker.address(3));
    let request = CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: "t".into(),
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![CreatableReplicaAssignment {
                broker_ids: [1, 2].into_iter().collect(),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    assert!(wire.call(7, &request).topics[0].error_code.is_ok());
    broker.set_in_sync("t", 0, &[1]);
    let mut elect = |election_type| {
        let request = ElectLeadersRequest {
            election_type,
            topic_partitions: Some(vec![TopicPartitions {
                topic: "t".into(),
                partitions: vec![0],
                ..Default::default()
            }]),
            ..Default::default()
        };
        let response = wire.call(2, &request);
        response.replica_election_results[0].partition_result[0].error_code
    };
    assert_eq!(elect(1), ErrorCode::ELECTION_NOT_NEEDED);
    broker.stop_node(1);
    assert_eq!(broker.leader("t", 0), None);
    assert_eq!(elect(0), ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE);
    broker.stop_node(2);
    assert_eq!(elect(1), ErrorCode::ELIGIBLE_LEADERS_NOT_AVAILABLE);
    broker.start_node(2).unwrap();
    assert_eq!(broker.leader("t", 0), None);
    assert_eq!(elect(1), ErrorCode::NONE);
    assert_eq!(broker.leader("t", 0), Some(2));
    // The other is in sync again when it comes, and preferred.
    broker.start_node(1).unwrap();
    assert_eq!(elect(0), ErrorCode::NONE);
    assert_eq!(broker.leader("t", 0), Some(1));
}
