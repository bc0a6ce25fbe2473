//! Partitions that move to other brokers: three real ones, and three nodes of the embedded broker
//! that must do the same.

use libkafka_client::protocol::ErrorCode;
use libkafka_client::protocol::messages::alter_partition_reassignments::{
    ReassignablePartition, ReassignableTopic,
};
use libkafka_client::protocol::messages::alter_replica_log_dirs::{
    AlterReplicaLogDir, AlterReplicaLogDirTopic,
};
use libkafka_client::protocol::messages::create_topics::{
    CreatableReplicaAssignment, CreatableTopic,
};
use libkafka_client::protocol::messages::elect_leaders::TopicPartitions;
use libkafka_client::protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterReplicaLogDirsRequest, CreateTopicsRequest,
    DescribeLogDirsRequest, ElectLeadersRequest, ListPartitionReassignmentsRequest,
};
use libkafka_client::{Client, OffsetSpec, Target};
use libkafka_integration::{batch, until_ok, values};
use libkafka_testbroker::Broker;
use libkafka_testkafka::require;

use crate::{LONG, bytes_at, client, cluster, shown, until};

const TOPIC: &str = "reassigned";

/// The brokers that it goes over.
struct Brokers<'a> {
    client: Client,
    stop: &'a dyn Fn(i32),
    start: &'a dyn Fn(i32),
}

impl Brokers<'_> {
    /// Asks for a move, or with `None` to call it off.
    fn reassign(&mut self, replicas: Option<&[i32]>, change: bool) -> (ErrorCode, Option<String>) {
        let request = AlterPartitionReassignmentsRequest {
            timeout_ms: 10_000,
            allow_replication_factor_change: change,
            topics: vec![ReassignableTopic {
                name: TOPIC.into(),
                partitions: vec![ReassignablePartition {
                    partition_index: 0,
                    replicas: replicas.map(|replicas| replicas.iter().copied().collect()),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut answer = until_ok(|| self.client.call(&request));
        assert_eq!(answer.error_code, ErrorCode::NONE);
        let result = answer.responses.remove(0).partitions.remove(0);
        (result.error_code, result.error_message)
    }

    fn elect(&mut self, election_type: i8) -> ErrorCode {
        let request = ElectLeadersRequest {
            election_type,
            topic_partitions: Some(vec![TopicPartitions {
                topic: TOPIC.into(),
                partitions: vec![0],
                ..Default::default()
            }]),
            timeout_ms: 10_000,
            ..Default::default()
        };
        let answer = until_ok(|| self.client.call(&request));
        answer.replica_election_results[0].partition_result[0].error_code
    }

    /// What is on the move: replicas, adding and removing.
    fn moving(&mut self) -> Option<[Vec<i32>; 3]> {
        let request = ListPartitionReassignmentsRequest {
            timeout_ms: 10_000,
            topics: None,
            ..Default::default()
        };
        let answer = until_ok(|| self.client.call(&request));
        let topic = answer
            .topics
            .into_iter()
            .find(|topic| topic.name == TOPIC)?;
        let partition = &topic.partitions[0];
        let lists = [
            &partition.replicas,
            &partition.adding_replicas,
            &partition.removing_replicas,
        ];
        Some(lists.map(|list| list.to_vec()))
    }

    /// Waits until these are the replicas, all of them in sync, led by the given one.
    fn expect(&mut self, replicas: &[i32], leader: i32) {
        until(|| {
            let metadata = self.client.topic_metadata(&[TOPIC]).ok()?;
            let partition = metadata.topics.first()?.partitions.first()?;
            let mut isr = partition.isr_nodes.to_vec();
            let mut sorted = replicas.to_vec();
            isr.sort_unstable();
            sorted.sort_unstable();
            let is_there = &*partition.replica_nodes == replicas && isr == sorted;
            (is_there && partition.leader_id == leader).then_some(())
        });
        assert_eq!(self.moving(), None);
    }
}

fn course(mut brokers: Brokers<'_>) {
    let request = CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: TOPIC.into(),
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
    let created = brokers.client.within(LONG).call(&request).unwrap();
    assert_eq!(created.topics[0].error_code, ErrorCode::NONE);
    brokers.expect(&[1, 2], 1);
    until_ok(|| {
        let mut producer = brokers.client.producer(TOPIC, 0)?;
        producer.within(LONG).produce(batch(&["a"]))
    });
    assert_eq!(brokers.moving(), None);
    assert_eq!(
        brokers.reassign(None, true).0,
        ErrorCode::NO_REASSIGNMENT_IN_PROGRESS
    );

    // The leader goes, and another broker comes, with all that there is.
    assert_eq!(
        brokers.reassign(Some(&[3, 2]), true),
        (ErrorCode::NONE, None)
    );
    brokers.expect(&[3, 2], 3);
    assert!(bytes_at(&mut brokers.client, TOPIC, 3) > 0);
    until(|| (bytes_at(&mut brokers.client, TOPIC, 1) == 0).then_some(()));
    let mut fetcher = until_ok(|| {
        let mut fetcher = brokers.client.fetcher(TOPIC, 0)?;
        fetcher.seek_to(OffsetSpec::Earliest)?;
        Ok::<_, libkafka_client::Error>(fetcher)
    });
    shown(&mut fetcher, 1);
    assert_eq!(values(&mut fetcher), ["a"]);

    // Another number of replicas, only where that is allowed.
    assert_eq!(
        brokers.reassign(Some(&[3]), false),
        (
            ErrorCode::INVALID_REPLICATION_FACTOR,
            Some("The replication factor is changed from 2 to 1".to_owned())
        )
    );
    // Another order moves nothing, but makes another broker the preferred leader.
    assert_eq!(brokers.elect(0), ErrorCode::ELECTION_NOT_NEEDED);
    assert_eq!(brokers.reassign(Some(&[2, 3]), false).0, ErrorCode::NONE);
    brokers.expect(&[2, 3], 3);
    assert_eq!(brokers.elect(1), ErrorCode::ELECTION_NOT_NEEDED);
    assert_eq!(brokers.elect(0), ErrorCode::NONE);
    brokers.expect(&[2, 3], 2);

    // A broker that is not there is waited for, until that is called off or it comes.
    (brokers.stop)(1);
    until(|| {
        let metadata = brokers.client.all_metadata().ok()?;
        (metadata.brokers.len() == 2).then_some(())
    });
    assert_eq!(brokers.reassign(Some(&[1, 2]), true).0, ErrorCode::NONE);
    let under_way = Some([vec![1, 2, 3], vec![1], vec![3]]);
    assert_eq!(brokers.moving(), under_way);
    assert_eq!(brokers.elect(0), ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE);
    assert_eq!(brokers.reassign(None, true).0, ErrorCode::NONE);
    brokers.expect(&[2, 3], 2);
    assert_eq!(brokers.reassign(Some(&[1, 2]), true).0, ErrorCode::NONE);
    assert_eq!(brokers.moving(), under_way);
    (brokers.start)(1);
    brokers.expect(&[1, 2], 2);

    // A directory of a broker that has no replica.
    let broker = Target::Broker(3);
    let mut patient = brokers.client.within(LONG);
    let dirs = patient.call_to(broker, &DescribeLogDirsRequest::default());
    let request = AlterReplicaLogDirsRequest {
        dirs: vec![AlterReplicaLogDir {
            path: dirs.unwrap().results.remove(0).log_dir,
            topics: vec![AlterReplicaLogDirTopic {
                name: TOPIC.into(),
                partitions: vec![0],
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let answer = patient.call_to(broker, &request).unwrap();
    let code = answer.results[0].partitions[0].error_code;
    assert_eq!(code, ErrorCode::REPLICA_NOT_AVAILABLE);
}

#[test]
fn a_partition_moves_between_real_brokers() {
    require!();
    let kafka = cluster();
    course(Brokers {
        client: client(&kafka),
        stop: &|id| kafka.kill(id),
        start: &|id| kafka.restart(id).unwrap(),
    });
}

#[test]
fn a_partition_moves_between_nodes_of_the_embedded_broker() {
    let broker = Broker::builder().nodes(3).start().unwrap();
    let config = libkafka_client::Config::new(broker.bootstrap());
    course(Brokers {
        client: Client::new(config).unwrap(),
        stop: &|id| broker.stop_node(id),
        start: &|id| broker.start_node(id).unwrap(),
    });
}
