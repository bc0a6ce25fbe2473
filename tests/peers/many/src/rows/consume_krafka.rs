//! Consuming with krafka.

use std::time::Duration;

use krafka::Kafka;
use krafka::consumer::{AutoOffsetReset, Consumer};
use peers_harness::{Figures, Meter};

use super::consume::look_at;
use crate::task::Task;

/// From nothing to the last record.
pub(super) fn run(task: &Task) -> Figures {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(consume(task))
}

async fn consumer(task: &Task) -> Consumer {
    let kafka = Kafka::builder(&task.bootstrap).connect().await;
    let kafka = kafka.expect("the brokers are there");
    let is_member = task.candidate.ends_with("group");
    let consumer = match is_member {
        true => kafka.consumer(format!("group-{}", std::process::id())),
        false => kafka.consumer_without_group().enable_auto_commit(false),
    };
    let consumer = consumer
        .auto_offset_reset(AutoOffsetReset::Earliest)
        .max_partition_fetch_bytes(1 << 20)
        .max_poll_records(10_000)
        .build()
        .await
        .expect("a consumer");
    let begun = match is_member {
        true => consumer.subscribe([&task.topic]).await,
        false => {
            let partitions = 0..task.partitions as i32;
            consumer.assign(&task.topic, partitions.collect()).await
        }
    };
    begun.expect("the brokers are there");
    consumer
}

async fn consume(task: &Task) -> Figures {
    let mut meter = Meter::start();
    let consumer = consumer(task).await;
    let (mut count, mut sum) = (0, 0);
    while count < task.records {
        let records = consumer.poll(Duration::from_millis(500)).await;
        let records = records.expect("the brokers are there");
        for record in &records {
            let key = record.key.as_deref().unwrap_or_default();
            let value = record.value.as_deref().unwrap_or_default();
            sum ^= look_at(record.offset, record.timestamp, key, value);
        }
        count += records.len();
        if count >= task.records / 2 {
            meter.halfway();
        }
    }
    std::hint::black_box(sum);
    meter.stop()
}
