//! rdkafka, tuned.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use peers_harness::{Figures, Meter};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use rdkafka::{ClientContext, Message, Offset, TopicPartitionList};

use super::Sum;
use crate::task::{BATCH_BYTES, FETCH_BYTES, Kind, Task};
use crate::time_each::time_each;

pub fn run(task: &Task) -> Figures {
    match task.kind {
        Kind::Produce => produce(task),
        Kind::Consume => consume(task),
        Kind::Single => single(task),
    }
}

/// Counts the records that were acknowledged.
#[derive(Default)]
struct Acknowledged(AtomicUsize);

impl Acknowledged {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl ClientContext for Acknowledged {}

impl ProducerContext for Acknowledged {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, _: ()) {
        assert!(result.is_ok(), "delivery failed");
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn config(task: &Task) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &task.bootstrap);
    config
}

fn producer(task: &Task, linger_ms: &str) -> BaseProducer<Acknowledged> {
    let codec = if task.lz4 { "lz4" } else { "none" };
    let in_flight = task.in_flight.to_string();
    config(task)
        .set("acks", "1")
        .set("linger.ms", linger_ms)
        .set("batch.size", BATCH_BYTES.to_string())
        .set("batch.num.messages", "1000000")
        .set("max.in.flight.requests.per.connection", in_flight)
        .set("compression.type", codec)
        .set("queue.buffering.max.messages", "500000")
        .set("queue.buffering.max.kbytes", "65536")
        .create_with_context(Acknowledged::default())
        .unwrap()
}

/// Queues a record, and waits for room if there is none.
fn send(producer: &BaseProducer<Acknowledged>, task: &Task, value: &[u8]) {
    let mut record = BaseRecord::<(), [u8]>::to(&task.topic)
        .partition(0)
        .payload(value);
    while let Err((_, back)) = producer.send(record) {
        record = back;
        producer.poll(Duration::from_millis(1));
    }
}

fn produce(task: &Task) -> Figures {
    let values = task.values();
    let producer = producer(task, "5");
    send(&producer, task, &values[0]);
    producer.flush(Duration::from_secs(30)).unwrap();

    let meter = Meter::start();
    for i in 0..task.records {
        send(&producer, task, &values[i % values.len()]);
        if i % 1000 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    while producer.context().count() < task.records + 1 {
        producer.poll(Duration::from_millis(1));
    }
    meter.stop()
}

fn consume(task: &Task) -> Figures {
    let consumer: BaseConsumer = config(task)
        .set("queued.min.messages", "1000000")
        .set("fetch.queue.backoff.ms", "1")
        .set("fetch.message.max.bytes", FETCH_BYTES.to_string())
        .set("check.crcs", "true")
        .set("group.id", "peers")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let mut partitions = TopicPartitionList::new();
    partitions
        .add_partition_offset(&task.topic, 0, Offset::Offset(0))
        .unwrap();
    let mut sum = Sum::default();
    let mut seen = 0;

    let meter = Meter::start();
    consumer.assign(&partitions).unwrap();
    while seen < task.records {
        let Some(message) = consumer.poll(Duration::from_millis(500)) else {
            continue;
        };
        let message = message.unwrap();
        let timestamp = message.timestamp().to_millis().unwrap();
        sum.add(message.offset(), timestamp, message.payload().unwrap());
        seen += 1;
    }
    sum.done();
    meter.stop()
}

fn single(task: &Task) -> Figures {
    let values = task.values();
    let producer = producer(task, "0");
    let mut sent = 0;
    time_each(task.records, |i| {
        send(&producer, task, &values[i % values.len()]);
        sent += 1;
        while producer.context().count() < sent {
            producer.poll(Duration::ZERO);
        }
    })
}
