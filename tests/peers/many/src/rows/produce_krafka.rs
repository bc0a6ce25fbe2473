//! Producing with krafka.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use krafka::producer::Acks;
use krafka::{Compression, Kafka, Record};
use peers_harness::{Figures, Meter};

use crate::records::Records;
use crate::task::Task;

/// Records that may wait for their batch to be acknowledged.
const PENDING: usize = 200_000;

/// As fast as the brokers take it.
pub(super) fn run(task: &Task) -> Figures {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(produce(task))
}

async fn produce(task: &Task) -> Figures {
    let kafka = Kafka::builder(&task.bootstrap).connect().await;
    let compression = match task.lz4 {
        true => Compression::Lz4,
        false => Compression::None,
    };
    let producer = kafka
        .expect("the brokers are there")
        .producer()
        .acks(Acks::All)
        .idempotent(true)
        .linger(Duration::from_millis(5))
        .batch_size(64 << 10)
        .compression(compression)
        .buffer_memory(64 << 20)
        .max_request_size(1_000_000)
        .build();
    let producer = producer.await.expect("a producer");
    let records = Records::new();
    let record = |n: usize| {
        let value = Bytes::copy_from_slice(records.value(n));
        Record::new(task.topic.clone(), value).key(Bytes::copy_from_slice(records.key(n)))
    };
    for n in 0..100 {
        let _ = producer.send(record(n)).await.expect("it is stored");
    }
    let meter = Meter::start();
    let (mut pending, mut sent) = (VecDeque::new(), 0);
    while sent < task.records && !(sent % 256 == 0 && task.is_over(&meter)) {
        pending.push_back(producer.enqueue(record(sent)).await.expect("it is taken"));
        sent += 1;
        if pending.len() > PENDING {
            for acknowledged in pending.drain(..1000) {
                let _ = acknowledged.await.expect("it is stored");
            }
        }
    }
    for acknowledged in pending {
        let _ = acknowledged.await.expect("it is stored");
    }
    meter.stop().records(sent)
}
