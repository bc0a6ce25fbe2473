//! Produces the lines of standard input, each a key and a value, to all partitions of a topic.
//!
//! ```text
//! printf 'order-1\tpaid\n' | cargo run --release --example produce_lines -- localhost:9092 orders
//! ```

mod program;

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use libkafka_client::{Config, Delivery, Producer, ProducerConfig, ProducerRecord, Stop};
use program::{Arguments, Progress, Result, UsageError, print_table};

const USAGE: &str = "\
Produces the lines of standard input to all partitions of a topic. The text before the first tab of
a line is the key; a line without a tab has no key.

Usage: cargo run --release --example produce_lines -- [OPTIONS] BOOTSTRAP TOPIC

Options:
  --wait SECONDS         how long each line, and the end, may wait for the brokers (60)
  --json                 print the outcome as JSON";

fn main() -> ExitCode {
    program::run(USAGE, produce_lines)
}

fn produce_lines(mut arguments: Arguments, stop: &Stop) -> Result {
    let wait = Duration::from_secs(arguments.option_or("--wait", 60u64)?);
    let json = arguments.flag("--json");
    let [bootstrap, topic] = <[String; 2]>::try_from(arguments.rest()?)
        .map_err(|_| UsageError("BOOTSTRAP and TOPIC are needed".to_owned()))?;
    let producer = Arc::new(Producer::new(
        Config::new(bootstrap),
        ProducerConfig::new(),
    )?);

    // Nobody can end a read of standard input: that thread is left alone after Ctrl-C.
    let (sending, end) = (Arc::clone(&producer), stop.clone());
    let reader = thread::spawn(move || {
        let sent = send_lines(&sending, &topic, wait);
        end.stop();
        sent.map_err(|error| error.to_string())
    });

    let mut progress = Progress::start("produce", 0);
    let mut partitions = BTreeMap::<i32, u64>::new();
    let mut count = |delivery: &Delivery| {
        if delivery.outcome.is_ok() {
            let records = u64::from(delivery.records);
            progress.count(records, delivery.bytes);
            *partitions.entry(delivery.partition.partition).or_default() += records;
        }
    };
    while !stop.is_stopped() {
        // Who waits, works: this thread sends the batches and takes the answers.
        if let Some(delivery) = producer.take_delivery(Duration::from_millis(100)) {
            count(&delivery);
        }
    }
    let lost = producer.close(wait);
    while let Some(delivery) = producer.take_delivery(Duration::ZERO) {
        count(&delivery);
    }
    progress.stop();
    let row = |(partition, records): (i32, u64)| vec![partition.into(), records.into()];
    let rows: Vec<_> = partitions.into_iter().map(row).collect();
    print_table(&["partition", "records"], &rows, json)?;
    if let Some(lost) = lost.first() {
        return Err(lost.to_string().into());
    }
    match reader.is_finished() {
        true => Ok(reader.join().map_err(|_| "the reader panicked")??),
        false => Ok(()),
    }
}

fn send_lines(producer: &Producer, topic: &str, wait: Duration) -> Result {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let record = match line.split_once('\t') {
            Some((key, value)) => ProducerRecord::new(topic, key, value),
            None => ProducerRecord::new(topic, (), &line),
        };
        producer.send(&record, wait)?;
    }
    Ok(())
}
