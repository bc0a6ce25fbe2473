//! krafka, which decides by itself how many requests are on the way.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use krafka::consumer::AutoOffsetReset;
use krafka::producer::Acks;
use krafka::{Compression, Kafka, Record};
use peers_harness::{Figures, Meter};

use super::{Sum, runtime};
use crate::task::{BATCH_BYTES, FETCH_BYTES, Kind, Task};
use crate::time_each::time_each;

pub fn run(task: &Task) -> Figures {
    match task.kind {
        Kind::Produce => runtime().block_on(produce(task)),
        Kind::Consume => runtime().block_on(consume(task)),
        Kind::Single => single(task),
    }
}

async fn connect(task: &Task) -> Kafka {
    Kafka::builder(&task.bootstrap).connect().await.unwrap()
}

fn values(task: &Task) -> Vec<Bytes> {
    task.values().into_iter().map(Bytes::from).collect()
}

async fn produce(task: &Task) -> Figures {
    /// Records that may wait for their batch to be acknowledged.
    const PENDING: usize = 200_000;
    let values = values(task);
    let kafka = connect(task).await;
    let compression = if task.lz4 {
        Compression::Lz4
    } else {
        Compression::None
    };
    let producer = kafka
        .producer()
        .acks(Acks::Leader)
        .idempotent(false)
        .linger(Duration::from_millis(5))
        .batch_size(BATCH_BYTES)
        .compression(compression)
        .buffer_memory(64 << 20)
        .max_request_size(10_000_000)
        .build()
        .await
        .unwrap();
    let record =
        |i: usize| Record::new(task.topic.clone(), values[i % values.len()].clone()).partition(0);
    let _ = producer.send(record(0)).await.unwrap();

    let meter = Meter::start();
    let mut pending = VecDeque::new();
    for i in 0..task.records {
        pending.push_back(producer.enqueue(record(i)).await.unwrap());
        if pending.len() > PENDING {
            for acknowledged in pending.drain(..1000) {
                let _ = acknowledged.await.unwrap();
            }
        }
    }
    for acknowledged in pending {
        let _ = acknowledged.await.unwrap();
    }
    meter.stop()
}

async fn consume(task: &Task) -> Figures {
    let kafka = connect(task).await;
    let consumer = kafka
        .consumer_without_group()
        .enable_auto_commit(false)
        .auto_offset_reset(AutoOffsetReset::Earliest)
        .max_partition_fetch_bytes(FETCH_BYTES)
        .max_poll_records(10_000)
        .build()
        .await
        .unwrap();
    let mut sum = Sum::default();
    let mut seen = 0;

    let meter = Meter::start();
    consumer.assign(&task.topic, vec![0]).await.unwrap();
    consumer.seek_to_beginning(&task.topic, 0).await.unwrap();
    while seen < task.records {
        let records = consumer.poll(Duration::from_millis(500)).await.unwrap();
        for record in &records {
            let value = record.value.as_ref().unwrap();
            sum.add(record.offset, record.timestamp, value);
        }
        seen += records.len();
    }
    sum.done();
    meter.stop()
}

fn single(task: &Task) -> Figures {
    let values = values(task);
    let runtime = runtime();
    let producer = runtime.block_on(async {
        let kafka = connect(task).await;
        let producer = kafka.producer().acks(Acks::Leader).idempotent(false);
        producer.linger(Duration::ZERO).build().await.unwrap()
    });
    time_each(task.records, |i| {
        let value = values[i % values.len()].clone();
        let record = Record::new(task.topic.clone(), value).partition(0);
        let _ = runtime.block_on(producer.send(record)).unwrap();
    })
}
