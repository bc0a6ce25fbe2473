//! From sending to handling, while each partition gets a record a second: libkafka's producer and
//! consumer. It also tells where the time of the slowest records went.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{
    Config, ConsumerOptions, Error, Exchange, Observer, Polled, Producer, ProducerConfig,
    ProducerRecord, StartAt, Stop,
};
use peers_harness::{Figures, Meter};

use super::consume::{WARM, consumer_with};
use crate::records::Records;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(60);

/// When a record was sent, and the number of its batch.
type Sent = (Instant, i32, u64);

/// When a batch left, and when it was acknowledged.
type Stored = (Instant, Instant);

/// Counts exchanges with brokers.
#[derive(Default)]
struct Count(AtomicU64);

impl Observer for Count {
    fn exchange(&self, _: &Exchange, _: Option<&Error>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Count {
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The value of a record is its number. Those of the first seconds are not timed.
pub(super) fn run(task: &Task) -> Figures {
    let (produces, fetches) = (Arc::<Count>::default(), Arc::<Count>::default());
    let config = |count: &Arc<Count>| Config::new(&task.bootstrap).observer(count.clone());
    let options = ConsumerOptions::new().start(StartAt::Latest);
    let mut consumer = consumer_with(task, config(&fetches), options);
    // It is to have begun with all partitions.
    let begun = Instant::now();
    while begun.elapsed() < WARM || consumer.claims().len() < task.partitions {
        let polled = consumer.poll(Duration::from_millis(100));
        polled.expect("the brokers are there");
    }
    let pause = Duration::from_secs(1) / task.partitions as u32;
    let warm = (WARM.as_nanos() / pause.as_nanos()) as usize;
    let all = warm + task.records;
    let options = ProducerConfig::new().kept_deliveries(all);
    let producer = Producer::new(config(&produces), options).expect("a producer");
    let stop = Stop::new().expect("sockets");
    let send = |n: usize, value: &mut [u8]| -> Sent {
        value[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let partition = (n % task.partitions) as i32;
        let record = ProducerRecord::new(&task.topic, (), &*value).partition(partition);
        let sent = Instant::now();
        let ticket = producer.send(&record, WAIT).expect("it is taken");
        (sent, partition, ticket.batch())
    };
    let mut handled = vec![None; all];
    let mut left = all;
    let mut meter = None;
    let mut counted = (0, 0);
    let sent: Vec<Sent> = thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        let sender = scope.spawn(|| {
            let mut value = Records::new().value(0).to_vec();
            let begun = Instant::now();
            let sent = (0..all).map(|n| {
                let due = begun + pause * n as u32;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                send(n, &mut value)
            });
            sent.collect()
        });
        while left > 0 {
            if let Polled::Records(batch) = consumer.poll(WAIT).expect("the brokers are there") {
                for record in &batch.records().expect("a batch") {
                    let value = record.expect("a record").value;
                    let number = value.and_then(<[u8]>::first_chunk).expect("eight bytes");
                    let number = u64::from_be_bytes(*number) as usize;
                    if number >= warm && meter.is_none() {
                        meter = Some(Meter::start());
                        counted = (produces.get(), fetches.get());
                    }
                    left -= usize::from(handled[number].replace(Instant::now()).is_none());
                }
                batch.handled();
            }
        }
        let sent = sender.join().expect("it sends");
        producer.flush(WAIT).expect("the brokers are there");
        stop.stop();
        sent
    });
    let meter = meter.expect("records");
    let a_second = |now: u64, before: u64| (now - before) as f64 / meter.elapsed().as_secs_f64();
    eprintln!(
        "libkafka, requests a second to produce and to fetch: {:.0}, {:.0}",
        a_second(produces.get(), counted.0),
        a_second(fetches.get(), counted.1),
    );
    let mut stored = HashMap::new();
    while let Some(delivery) = producer.take_delivery(Duration::ZERO) {
        let left = delivery.tries.last().and_then(|last| last.exchange.clone());
        let left = left.map_or(delivery.finished, |exchange| exchange.started);
        let at = (delivery.partition.partition, delivery.batch);
        stored.insert(at, (left, delivery.finished));
    }
    let stages = sent.iter().zip(handled).map(|(sent, handled)| {
        let (at, partition, batch) = *sent;
        let (left, acknowledged): Stored = stored[&(partition, batch)];
        let handled = handled.expect("all are");
        let acknowledged = acknowledged.min(handled);
        [left - at, acknowledged - left, handled - acknowledged]
    });
    let timed: Vec<_> = stages.skip(warm).collect();
    tell(&timed);
    let times = timed.into_iter().map(|stages| stages.iter().sum());
    meter.stop_with(times.collect())
}

/// Prints the mean of each stage, of all records and of the slowest hundredth.
fn tell(timed: &[[Duration; 3]]) {
    let mut timed = timed.to_vec();
    timed.sort_by_key(|stages| stages.iter().sum::<Duration>());
    let mean = |of: &[[Duration; 3]]| {
        let stage = |stage: usize| {
            let sum: Duration = of.iter().map(|stages| stages[stage]).sum();
            sum.as_secs_f64() * 1e3 / of.len() as f64
        };
        format!("{:.1}, {:.1}, {:.1}", stage(0), stage(1), stage(2))
    };
    let slowest = &timed[timed.len() * 99 / 100..];
    eprintln!(
        "libkafka, mean ms until a batch left, was acknowledged, was handled: {}; slowest hundredth: {}",
        mean(&timed),
        mean(slowest)
    );
}
