//! Three real brokers, of which some die, stop and come back, and between which partitions move.
//!
//! The long form of what kills leaders takes minutes:
//! `cargo test -p libkafka-integration --test cluster -- --ignored`.

mod course;
mod crash;
mod deposed;
mod failover;
mod lane_writer;
mod lanes;
mod moves;
mod produce_lanes;
mod replicas;
mod stopped;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use libkafka_client::protocol::Response;
use libkafka_client::protocol::messages::create_topics::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use libkafka_client::protocol::messages::describe_log_dirs::DescribableLogDirTopic;
use libkafka_client::protocol::messages::{CreateTopicsRequest, DescribeLogDirsRequest};
use libkafka_client::{Client, Config, OffsetSpec, PartitionFetcher, RetryPolicy, Target};
use libkafka_integration::{until, until_ok};
use libkafka_testkafka::Kafka;

/// The time of something that is not to use it up, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

/// The cluster that the tests here share, one after the other, since they break it.
fn cluster() -> MutexGuard<'static, Kafka> {
    static CLUSTER: OnceLock<Mutex<Kafka>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| {
        let selector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
        let kafka = Kafka::builder()
            .brokers(3)
            .property("replica.selector.class", selector)
            .property("replica.lag.time.max.ms", "4000")
            // Leaders are elected when a test says so, however long all of them take.
            .property("auto.leader.rebalance.enable", "false");
        Mutex::new(kafka.start().unwrap())
    });
    let kafka = cluster.lock().unwrap_or_else(PoisonError::into_inner);
    // A test that failed may have left it in any state.
    for id in kafka.ids() {
        kafka.resume(id);
        if !kafka.is_running(id) {
            kafka.restart(id).unwrap();
        }
    }
    kafka
}

/// A client whose calls end soon, since brokers here do not answer at times: a call that is to
/// succeed at once says how long it [has](LONG).
fn client(kafka: &Kafka) -> Client {
    let config = Config::new(kafka.bootstrap()).timeout(Duration::from_secs(5));
    Client::new(config.connect_timeout(Duration::from_secs(2))).unwrap()
}

/// Waits until a fetcher's leader shows readers what comes before `end`: one that has just become
/// the leader has it, and knows a little later that the others do.
fn shown(fetcher: &mut PartitionFetcher, end: i64) {
    let policy = RetryPolicy::for_idempotent_calls();
    until(|| {
        let fetched = policy.run(LONG, fetcher, |f| f.fetch()).unwrap();
        (fetched.high_watermark == end).then_some(())
    });
}

/// How long a broker may stand still and not be taken for dead: the session of
/// [`Kafka::builder`](libkafka_testkafka::Kafka::builder), less the interval of its heartbeats.
const SESSION: Duration = Duration::from_secs(3);

/// Creates a topic with a replica on each broker, of which two must be in sync, and waits until
/// its leader, which is broker 1 where that one is there, knows that it is.
fn create(client: &mut Client, name: &str) {
    let request = CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: name.to_owned(),
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![CreatableReplicaAssignment {
                broker_ids: [1, 2, 3].into_iter().collect(),
                ..Default::default()
            }],
            configs: vec![CreatableTopicConfig {
                name: "min.insync.replicas".to_owned(),
                value: Some("2".to_owned()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let created = client.within(LONG).call(&request).unwrap();
    assert_eq!(created.first_error(), None);
    until_ok(|| client.fetcher(name, 0)?.seek_to(OffsetSpec::Latest));
}

/// How many replicas of each of a topic's partitions are in sync, at least.
fn in_sync(client: &mut Client, topic: &str) -> usize {
    let metadata = client.topic_metadata(&[topic]);
    let topics = metadata.map(|metadata| metadata.topics).unwrap_or_default();
    let partitions = topics.iter().flat_map(|topic| &topic.partitions);
    partitions.map(|p| p.isr_nodes.len()).min().unwrap_or(0)
}

/// Bytes of the records of a topic's first partition that a broker has.
fn bytes_at(client: &mut Client, topic: &str, broker: i32) -> i64 {
    let request = DescribeLogDirsRequest {
        topics: Some(vec![DescribableLogDirTopic {
            topic: topic.to_owned(),
            partitions: vec![0],
            ..Default::default()
        }]),
        ..Default::default()
    };
    let mut client = client.within(LONG);
    let answer = client.call_to(Target::Broker(broker), &request).unwrap();
    let topics = answer.results.iter().flat_map(|result| &result.topics);
    topics
        .flat_map(|t| &t.partitions)
        .map(|p| p.partition_size)
        .sum()
}
