//! Consuming with rdkafka, tuned.

use std::time::Duration;

use peers_harness::{Figures, Meter};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Message, Offset, TopicPartitionList};

use super::consume::look_at;
use crate::task::Task;

/// From nothing to the last record.
pub(super) fn run(task: &Task) -> Figures {
    let mut meter = Meter::start();
    let consumer = consumer(task);
    let (mut count, mut sum) = (0, 0);
    while count < task.records {
        let Some(message) = consumer.poll(Duration::from_millis(500)) else {
            continue;
        };
        let message = message.expect("the brokers are there");
        let timestamp = message.timestamp().to_millis().unwrap_or_default();
        let key = message.key().unwrap_or_default();
        let value = message.payload().unwrap_or_default();
        sum ^= look_at(message.offset(), timestamp, key, value);
        count += 1;
        if count >= task.records / 2 {
            meter.halfway();
        }
    }
    std::hint::black_box(sum);
    meter.stop()
}

fn consumer(task: &Task) -> BaseConsumer {
    let is_member = task.candidate.ends_with("group");
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &task.bootstrap)
        .set("queued.min.messages", "1000000")
        .set("fetch.queue.backoff.ms", "1")
        .set("fetch.message.max.bytes", (1 << 20).to_string())
        .set("check.crcs", "true")
        .set("group.id", format!("group-{}", std::process::id()))
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", is_member.to_string())
        .create()
        .expect("a consumer");
    let begun = match is_member {
        true => consumer.subscribe(&[&task.topic]),
        false => {
            let mut partitions = TopicPartitionList::new();
            for partition in 0..task.partitions as i32 {
                let added =
                    partitions.add_partition_offset(&task.topic, partition, Offset::Offset(0));
                added.expect("an offset");
            }
            consumer.assign(&partitions)
        }
    };
    begun.expect("it begins");
    consumer
}
