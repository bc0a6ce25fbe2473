//! The producer of whole topics, on the embedded broker: what is in its logs afterwards.

mod closing;
mod deliveries;
mod faults;
mod keys;
mod memory;
mod order;
mod ready_made;
mod sequences;
mod threads;

use std::collections::BTreeMap;
use std::time::Duration;

use libkafka_batch::Batch;
use libkafka_client::{Config, Delivery, Producer, ProducerConfig, ProducerRecord};
use libkafka_testbroker::Broker;

/// The time of something that is not to use it up, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

/// A producer that has nothing but time.
fn producer(broker: &Broker) -> Producer {
    producer_with(broker, ProducerConfig::new())
}

fn producer_with(broker: &Broker, config: ProducerConfig) -> Producer {
    Producer::new(Config::new(broker.bootstrap()), config).unwrap()
}

fn record<'a>(key: &'a str, value: &'a str) -> ProducerRecord<'a> {
    ProducerRecord::new("t", key, value)
}

fn to<'a>(partition: i32, value: &'a str) -> ProducerRecord<'a> {
    ProducerRecord::new("t", (), value).partition(partition)
}

/// The values in the log of a partition, in their order.
fn values(broker: &Broker, partition: i32) -> Vec<String> {
    let mut values = Vec::new();
    for batch in broker.batches("t", partition) {
        for record in &Batch::parse(&batch).unwrap().records().unwrap() {
            values.push(record.unwrap().value_text().unwrap().into_owned());
        }
    }
    values
}

/// The ids of producers that the batches of a partition have, in their order and each once.
fn producer_ids(broker: &Broker, partition: i32) -> Vec<i64> {
    let batches = broker.batches("t", partition);
    let ids = batches
        .iter()
        .map(|batch| Batch::parse(batch).unwrap().header.producer_id);
    let mut ids: Vec<i64> = ids.collect();
    ids.dedup();
    ids
}

/// Takes every delivery that is there.
fn deliveries(producer: &Producer) -> BTreeMap<(i32, u64), std::sync::Arc<Delivery>> {
    let mut all = BTreeMap::new();
    while let Some(delivery) = producer.take_delivery(Duration::ZERO) {
        let key = (delivery.partition.partition, delivery.batch);
        assert!(all.insert(key, delivery).is_none(), "one batch, one fate");
    }
    all
}

#[track_caller]
fn all_stored(producer: &Producer) {
    for delivery in deliveries(producer).values() {
        assert!(delivery.outcome.is_ok(), "{delivery}");
    }
}
