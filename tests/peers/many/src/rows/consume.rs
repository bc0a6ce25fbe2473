//! Consuming as fast as the brokers give it, many partitions that stay idle, and from sending to
//! handling: libkafka's consumer.

use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{self, ClassicOptions, Membership, Subscription};
use libkafka_client::{
    Client, Config, Consumer, ConsumerOptions, ConsumerSource, Polled, ProducerConfig,
    ProducerRecord, StartAt, Stop, TopicPartition,
};
use peers_harness::{Figures, Meter};

use super::produce::producer;
use crate::records::Records;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(120);
/// How long a consumer runs before it is measured while nothing, or little, happens.
const WARM: Duration = Duration::from_secs(4);

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
    let client = Client::new(Config::new(&task.bootstrap)).expect("a client");
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

/// Each partition gets a record a second; each record says when it was sent.
pub(super) fn trickle(task: &Task) -> Figures {
    let options = ConsumerOptions::new().start(StartAt::Latest);
    let mut consumer = consumer(task, options);
    while consumer.claims().len() < task.partitions
        || consumer.claims().any(|claim| claim.broker.is_none())
    {
        consumer
            .poll(Duration::from_millis(10))
            .expect("the brokers are there");
    }
    let producer = producer(task, ProducerConfig::new());
    let stop = Stop::new().expect("sockets");
    let pause = Duration::from_secs(1) / task.partitions as u32;
    let begun = Instant::now();
    // Those of the first seconds are not timed.
    let warm = (WARM.as_nanos() / pause.as_nanos()) as usize;
    let mut meter = None;
    let mut times = Vec::with_capacity(task.records);
    thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        scope.spawn(|| {
            let mut value = Records::new().value(0).to_vec();
            for n in 0..warm + task.records {
                let due = begun + pause * n as u32;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let sent = if n < warm {
                    0
                } else {
                    begun.elapsed().as_nanos() as u64
                };
                value[..8].copy_from_slice(&sent.to_be_bytes());
                let partition = (n % task.partitions) as i32;
                let record = ProducerRecord::new(&task.topic, (), &value[..]).partition(partition);
                producer.send(&record, WAIT).expect("it is taken");
            }
        });
        while times.len() < task.records {
            if let Polled::Records(batch) = consumer.poll(WAIT).expect("the brokers are there") {
                for record in &batch.records().expect("a batch") {
                    let record = record.expect("a record");
                    let sent = record.value.and_then(<[u8]>::first_chunk);
                    let sent = u64::from_be_bytes(*sent.expect("eight bytes"));
                    if sent > 0 {
                        meter.get_or_insert_with(Meter::start);
                        times.push(begun.elapsed() - Duration::from_nanos(sent));
                    }
                }
                batch.handled();
            }
        }
        stop.stop();
    });
    meter.expect("records").stop_with(times)
}
