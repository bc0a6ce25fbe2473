//! A leader that is deposed while a batch waits for its followers.

use libkafka_client::protocol::messages::alter_partition_reassignments::{
    ReassignablePartition, ReassignableTopic,
};
use libkafka_client::protocol::messages::describe_quorum::request::{PartitionData, TopicData};
use libkafka_client::protocol::messages::elect_leaders::TopicPartitions;
use libkafka_client::protocol::messages::{
    AlterPartitionReassignmentsRequest, DescribeQuorumRequest, ElectLeadersRequest,
};
use libkafka_client::protocol::{ErrorCode, Response};
use libkafka_client::{Client, Target};
use libkafka_integration::{batch, values};
use libkafka_testkafka::{Kafka, require};

use crate::{LONG, bytes_at, client, cluster, create, in_sync, shown, until};

/// The broker whose controller leads the quorum.
fn active_controller(client: &mut Client) -> i32 {
    let request = DescribeQuorumRequest {
        topics: vec![TopicData {
            topic_name: "__cluster_metadata".to_owned(),
            partitions: vec![PartitionData::default()],
            ..Default::default()
        }],
        ..Default::default()
    };
    let quorum = client.within(LONG).call_to(Target::Any, &request).unwrap();
    quorum.topics[0].partitions[0].leader_id
}

/// Makes a broker the first of the replicas, and thereby, by an election, the leader.
fn prefer(client: &mut Client, topic: &str, replicas: [i32; 3]) {
    let request = AlterPartitionReassignmentsRequest {
        topics: vec![ReassignableTopic {
            name: topic.to_owned(),
            partitions: vec![ReassignablePartition {
                partition_index: 0,
                replicas: Some(replicas.into_iter().collect()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = client.within(LONG).call(&request).unwrap();
    assert_eq!(response.first_error(), None);
}

/// Has the preferred leader elected, through a broker that is there to pass it on.
fn elect(client: &mut Client, topic: &str, broker: i32) {
    let request = ElectLeadersRequest {
        topic_partitions: Some(vec![TopicPartitions {
            topic: topic.to_owned(),
            partitions: vec![0],
            ..Default::default()
        }]),
        ..Default::default()
    };
    let mut client = client.within(LONG);
    let response = client.call_to(Target::Broker(broker), &request).unwrap();
    assert_eq!(response.first_error(), None);
}

/// Deposes the leader of a new topic while a batch waits for a follower that stands still; gives
/// whether that was quick enough for the follower not to be taken for dead, and the batch for stored.
fn depose(kafka: &Kafka, topic: &str) -> bool {
    let mut client = client(kafka);
    create(&mut client, topic);
    until(|| (in_sync(&mut client, topic) == 3).then_some(()));
    let mut producer = client.producer(topic, 0).unwrap();
    let old = producer.leader().id;
    // One of the followers is to stand still, which the active controller must not.
    let active = active_controller(&mut client);
    let mut followers: Vec<i32> = kafka.ids().filter(|id| *id != old).collect();
    followers.sort_by_key(|id| *id == active);
    let [still, new] = followers[..] else {
        unreachable!("three brokers, less one");
    };
    prefer(&mut client, topic, [new, old, still]);
    // On a connection that is there from then on.
    assert_eq!(bytes_at(&mut client, topic, new), 0);

    kafka.pause(still);
    producer.send(batch(&["in doubt"])).unwrap();
    until(|| (bytes_at(&mut client, topic, new) > 0).then_some(()));
    elect(&mut client, topic, new);
    let collected = producer.collect();
    kafka.resume(still);
    let Err(error) = collected else {
        return false;
    };
    assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    assert!(error.possibly_written());

    until(|| (client.leader(topic, 0).is_ok_and(|l| l.id == new)).then_some(()));
    // What it does not take in the first place is as certain as any refusal.
    assert_eq!(producer.leader().id, old);
    let error = producer.produce(batch(&["refused"])).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    assert!(!error.possibly_written());
    let mut fetcher = client.fetcher(topic, 0).unwrap();
    shown(&mut fetcher, 1);
    assert_eq!(values(&mut fetcher), ["in doubt"]);
    true
}

#[test]
fn a_batch_that_a_deposed_leader_had_appended_may_be_written_and_is_and_the_next_is_not() {
    require!();
    let kafka = cluster();
    let mut topics = (0..).map(|n| format!("deposed-{n}"));
    until(|| depose(&kafka, &topics.next().unwrap()).then_some(()));
}
