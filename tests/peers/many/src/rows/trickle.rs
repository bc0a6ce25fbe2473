//! A record a second for each of many partitions: how long from sending to the answer.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{ProducerConfig, ProducerRecord, Stop};
use peers_harness::{Figures, Meter};

use super::produce::producer;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(60);

pub(super) fn run(task: &Task) -> Figures {
    let producer = producer(task, ProducerConfig::new().kept_deliveries(task.records));
    let stop = Stop::new().expect("sockets");
    let sent = Mutex::new(HashMap::new());
    let pause = Duration::from_secs(1) / task.partitions as u32;
    let value = [b'x'; 100];
    let send = |n: usize| {
        let partition = (n % task.partitions) as i32;
        let record = ProducerRecord::new(&task.topic, (), &value).partition(partition);
        let begun = Instant::now();
        let ticket = producer.send(&record, WAIT).expect("it is taken");
        sent.lock()
            .expect("no panic")
            .insert((partition, ticket.batch()), begun);
    };
    (0..task.partitions).for_each(send);
    producer.flush(WAIT).expect("the brokers are there");
    while producer.take_delivery(Duration::ZERO).is_some() {}
    let meter = Meter::start();
    thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        let begun = Instant::now();
        for n in 0..task.records {
            thread::sleep((begun + pause * n as u32).saturating_duration_since(Instant::now()));
            send(n);
        }
        producer.flush(WAIT).expect("the brokers are there");
        stop.stop();
    });
    let mut times = Vec::new();
    while let Some(delivery) = producer.take_delivery(Duration::ZERO) {
        let at = (delivery.partition.partition, delivery.batch);
        let begun = sent.lock().expect("no panic")[&at];
        times.push(delivery.finished - begun);
    }
    meter.stop_with(times)
}
