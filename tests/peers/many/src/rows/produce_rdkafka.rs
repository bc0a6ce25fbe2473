//! Producing with rdkafka, tuned.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use peers_harness::{Figures, Meter};
use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};

use crate::records::Records;
use crate::task::Task;

/// Counts the records that were acknowledged.
#[derive(Default)]
struct Acknowledged(AtomicUsize);

impl ClientContext for Acknowledged {}

impl ProducerContext for Acknowledged {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, _: ()) {
        assert!(result.is_ok(), "delivery failed");
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// As fast as the brokers take it.
pub(super) fn run(task: &Task) -> Figures {
    let records = Records::new();
    let producer = producer(task);
    (0..100).for_each(|n| send(&producer, task, &records, n));
    let flushed = producer.flush(Duration::from_secs(120));
    flushed.expect("the brokers are there");
    let meter = Meter::start();
    let mut sent = 0;
    while sent < task.records && !(sent % 256 == 0 && task.is_over(&meter)) {
        send(&producer, task, &records, sent);
        sent += 1;
        if sent % 1024 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    while producer.context().0.load(Ordering::Relaxed) < sent + 100 {
        producer.poll(Duration::from_millis(1));
    }
    meter.stop().records(sent)
}

fn producer(task: &Task) -> BaseProducer<Acknowledged> {
    ClientConfig::new()
        .set("bootstrap.servers", &task.bootstrap)
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("linger.ms", "5")
        .set("batch.size", (64 << 10).to_string())
        .set("batch.num.messages", "1000000")
        .set("compression.type", if task.lz4 { "lz4" } else { "none" })
        .set("partitioner", "murmur2_random")
        .set("queue.buffering.max.messages", "200000")
        .set("queue.buffering.max.kbytes", "65536")
        .create_with_context(Acknowledged::default())
        .expect("a producer")
}

/// Queues a record, and waits for room if there is none.
fn send(producer: &BaseProducer<Acknowledged>, task: &Task, records: &Records, n: usize) {
    let mut record = BaseRecord::to(&task.topic)
        .key(records.key(n))
        .payload(records.value(n));
    while let Err((_, back)) = producer.send(record) {
        record = back;
        producer.poll(Duration::from_millis(1));
    }
}
