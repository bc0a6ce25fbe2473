//! Producing as fast as the brokers take it: libkafka's producer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libkafka_batch::Lz4;
use libkafka_client::{Config, Producer, ProducerConfig, ProducerRecord};
use peers_harness::{Figures, Meter};

use crate::records::Records;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(120);

/// The producer of a task.
pub(super) fn producer(task: &Task, config: ProducerConfig) -> Producer {
    let config = match task.lz4 {
        true => config.compressor(Lz4::new),
        false => config,
    };
    Producer::new(Config::new(&task.bootstrap), config).expect("a producer")
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}

pub(super) fn run(task: &Task) -> Figures {
    let records = Records::new();
    let producer = producer(task, ProducerConfig::new());
    let send = |n: usize, time| {
        let record = ProducerRecord::new(&task.topic, records.key(n), records.value(n));
        producer
            .send(&record.timestamp(time), WAIT)
            .expect("it is taken");
    };
    (0..100).for_each(|n| send(n, now()));
    producer.flush(WAIT).expect("the brokers are there");
    let before = producer.counts();
    let meter = Meter::start();
    let (mut time, mut sent) = (now(), 0);
    while sent < task.records && !(sent % 256 == 0 && task.is_over(&meter)) {
        if sent % 256 == 0 {
            time = now();
        }
        send(sent, time);
        sent += 1;
    }
    producer.flush(WAIT).expect("the brokers are there");
    let figures = meter.stop();
    for failed in producer.close(WAIT) {
        eprintln!("{failed}");
    }
    let counts = producer.counts();
    assert_eq!(counts.records_stored, sent as u64 + 100);
    let batches = counts.stored - before.stored;
    figures.batches(sent as u64, batches).records(sent)
}
