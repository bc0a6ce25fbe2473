//! Three real brokers, of which some die, stop and come back.

mod failover;
mod replicas;
mod stopped;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, NewTopic};
use libkafka_testkafka::Kafka;

/// The cluster that the tests here share, one after the other, since they break it.
fn cluster() -> MutexGuard<'static, Kafka> {
    static CLUSTER: OnceLock<Mutex<Kafka>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| {
        let selector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
        let kafka = Kafka::builder()
            .brokers(3)
            .property("replica.selector.class", selector)
            .property("replica.lag.time.max.ms", "4000");
        Mutex::new(kafka.start().unwrap())
    });
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client whose calls end soon, since brokers here do not answer at times.
fn client(kafka: &Kafka) -> Client {
    let config = Config::new(kafka.bootstrap()).timeout(Duration::from_secs(5));
    Client::new(config.connect_timeout(Duration::from_secs(2))).unwrap()
}

/// Creates a topic with three replicas, of which two must be in sync, and waits for its leader.
fn create(client: &mut Client, name: &str) {
    let topic = NewTopic::new(name).partitions(1).replication_factor(3);
    let topic = topic.config("min.insync.replicas", "2");
    client.create_topic(topic).unwrap();
    wait_for(|| client.leader(name, 0).is_ok(), "a leader");
}

fn wait_for(mut condition: impl FnMut() -> bool, what: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "no {what} in time");
    }
}
