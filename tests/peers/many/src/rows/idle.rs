//! Nothing to send, to many partitions that have all had a record, and a thread that waits.

use std::thread;
use std::time::Duration;

use libkafka_client::{ProducerConfig, ProducerRecord, Stop};
use peers_harness::{Figures, Meter};

use super::produce::producer;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(60);

/// A record of the task is a second of it.
pub(super) fn run(task: &Task) -> Figures {
    let producer = producer(task, ProducerConfig::new());
    for partition in 0..task.partitions as i32 {
        let record = ProducerRecord::new(&task.topic, (), "x").partition(partition);
        producer.send(&record, WAIT).expect("it is taken");
    }
    producer.flush(WAIT).expect("the brokers are there");
    let stop = Stop::new().expect("sockets");
    let meter = Meter::start();
    thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        thread::sleep(Duration::from_secs(task.records as u64));
        stop.stop();
    });
    meter.stop()
}
