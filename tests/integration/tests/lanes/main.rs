//! Many partitions over one connection to each broker.

mod fetch;
mod produce;
mod secure;

use std::time::{Duration, Instant};

use libkafka_client::{
    Client, Config, Deadline, LaneBatch, LaneOutcome, ProduceLane, ProduceLaneOptions,
    TopicPartition, wait,
};
use libkafka_integration::values;
use libkafka_testbroker::Broker;

/// The time of something that is not to use it up, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

fn config(broker: &Broker) -> Config {
    Config::new(broker.bootstrap()).timeout(LONG)
}

/// A client that knows the brokers.
fn client(broker: &Broker) -> Client {
    let mut client = Client::new(config(broker)).unwrap();
    client.topology(["t"]).unwrap();
    client
}

fn batch(partition: i32, value: &str) -> LaneBatch {
    batch_by(partition, value, LONG)
}

fn batch_by(partition: i32, value: &str, time: Duration) -> LaneBatch {
    LaneBatch {
        partition: TopicPartition::new("t", partition),
        topic_id: None,
        bytes: libkafka_integration::batch(&[value]),
        deadline: Deadline::after(time),
        tag: 0,
    }
}

/// Goes on until `lane` has this many outcomes.
fn outcomes(lane: &mut ProduceLane, count: usize) -> Vec<LaneOutcome> {
    let until = Deadline::after(LONG);
    let mut found = Vec::new();
    while found.len() < count {
        assert!(
            !until.is_past(),
            "only {} of {count}: {found:?}",
            found.len()
        );
        // Errors of connecting: the lane tries again.
        let _ = lane.advance();
        while let Some(outcome) = lane.next_outcome() {
            found.push(outcome);
        }
        if found.len() < count {
            wait(&[&*lane], until).unwrap();
        }
    }
    found
}
