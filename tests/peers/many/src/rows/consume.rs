//! Consuming as fast as the brokers give it, and many partitions that stay idle: libkafka's
//! consumer.

use std::time::{Duration, Instant};

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{self, ClassicOptions, Membership, Subscription};
use libkafka_client::{
    Client, Config, Consumer, ConsumerOptions, ConsumerSource, Polled, StartAt, TopicPartition,
};
use peers_harness::{Figures, Meter};

use crate::task::Task;

const WAIT: Duration = Duration::from_secs(120);
/// How long a consumer runs before it is measured while nothing, or little, happens.
pub(super) const WARM: Duration = Duration::from_secs(4);

/// What a reader makes of a record, so that it has to look at all of it.
#[inline]
pub(super) fn look_at(offset: i64, timestamp: i64, key: &[u8], value: &[u8]) -> i64 {
    let last = |bytes: &[u8]| i64::from(bytes.last().copied().unwrap_or_default());
    offset ^ timestamp ^ last(key) ^ last(value)
}

fn source(task: &Task) -> ConsumerSource {
    let topics = Subscription::topics([task.topic.as_str()]);
    let group = format!("group-{}", std::process::id());
    match task.candidate.as_str() {
        "libkafka, classic group" => {
            let options = ClassicOptions::default().assignor(CooperativeSticky);
            Membership::classic(group, topics, options).into()
        }
        "libkafka, KIP-848" => {
            let options = membership::ConsumerOptions::default();
            Membership::consumer(group, "one", topics, options).into()
        }
        _ => {
            let partitions = 0..task.partitions as i32;
            let partitions = partitions.map(|number| TopicPartition::new(&*task.topic, number));
            ConsumerSource::Partitions(partitions.collect())
        }
    }
}

fn consumer(task: &Task, options: ConsumerOptions) -> Consumer {
    consumer_with(task, Config::new(&task.bootstrap), options)
}

pub(super) fn consumer_with(task: &Task, config: Config, options: ConsumerOptions) -> Consumer {
    let client = Client::new(config).expect("a client");
    client.consumer(source(task), options).expect("a consumer")
}

/// From nothing to the last record.
pub(super) fn run(task: &Task) -> Figures {
    let mut meter = Meter::start();
    let mut consumer = consumer(task, ConsumerOptions::new());
    let (mut count, mut sum) = (0, 0);
    while count < task.records {
        match consumer.poll(WAIT).expect("the brokers are there") {
            Polled::Records(batch) => {
                for record in &batch.records().expect("a batch") {
                    let record = record.expect("a record");
                    let key = record.key.unwrap_or_default();
                    let value = record.value.unwrap_or_default();
                    sum ^= look_at(record.offset, record.timestamp, key, value);
                    count += 1;
                }
                batch.handled();
                if count >= task.records / 2 {
                    meter.halfway();
                }
            }
            Polled::Trouble { error, .. } => panic!("{error}"),
            _ => {}
        }
    }
    std::hint::black_box(sum);
    let figures = meter.stop();
    consumer.close(WAIT).expect("the brokers are there");
    figures
}

/// A record of the task is a second of it.
pub(super) fn idle(task: &Task) -> Figures {
    let mut consumer = consumer(task, ConsumerOptions::new().start(StartAt::Latest));
    let mut wait = |time: Duration| {
        let begun = Instant::now();
        while let Some(left) = time.checked_sub(begun.elapsed()) {
            match consumer.poll(left).expect("the brokers are there") {
                Polled::Trouble { error, .. } => panic!("{error}"),
                Polled::Records(batch) => panic!("{batch:?}"),
                _ => {}
            }
        }
    };
    wait(WARM);
    let meter = Meter::start();
    wait(Duration::from_secs(task.records as u64));
    meter.stop()
}
