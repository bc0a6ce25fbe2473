//! Produces a million records to a partition, fetches them back, and checks each of them.
//!
//! It starts its own broker, in memory, or uses an existing one.

mod program;

use std::process::ExitCode;

use libkafka_client::batch::Builder;
use libkafka_client::{FetchOptions, PartitionFetcher, PartitionProducer, Stop};
use program::{Arguments, Brokers, Figures, Progress, Result, print_table};

const USAGE: &str = "\
Produces a million records, fetches them back, and checks each of them.

Usage: cargo run --release --example quickstart -- [OPTIONS]

  --bootstrap HOST:PORT  the brokers to use; default: one of its own, in memory
  --topic NAME           the topic to use, created if it does not exist (quickstart)
  --records N            how many records (1000000)
  --json                 print figures as JSON";

fn main() -> ExitCode {
    program::run(USAGE, quickstart)
}

fn quickstart(mut arguments: Arguments, stop: &Stop) -> Result {
    let brokers = Brokers::new(arguments.option("--bootstrap")?)?;
    let topic: String = arguments.option_or("--topic", "quickstart")?;
    let records = arguments.option_or("--records", 1_000_000u64)?;
    let json = arguments.flag("--json");
    arguments.end()?;

    // The topic may have records already: ours come after them.
    let (mut client, start) = brokers.client_and_topic(&topic)?;
    let produced = produce(client.producer(&topic, 0)?, records, stop)?;
    let fetcher = client.fetcher_with(&topic, 0, FetchOptions::new().max_bytes(4 << 20))?;
    let fetched = fetch(fetcher, start, produced.records, stop)?;
    let rows = [produced.row(), fetched.row()];
    Ok(print_table(&Figures::COLUMNS, &rows, json)?)
}

fn produce(mut producer: PartitionProducer, records: u64, stop: &Stop) -> Result<Figures> {
    let mut builder = Builder::new();
    let mut progress = Progress::start("produce", records);
    let mut next = 0;
    while next < records && !stop.is_stopped() {
        let first = next;
        next = records.min(first + 1_000);
        for number in first..next {
            builder.add((), &value(number))?;
        }
        // Neither this nor `send` copies the batch, and the builder gets its memory back.
        let batch = builder.build_bytes()?;
        // No more than `Config::max_in_flight`.
        if producer.in_flight() == 5 {
            producer.collect()?;
        }
        progress.count(next - first, batch.len());
        producer.send(batch)?;
    }
    while producer.collect()?.is_some() {}
    Ok(progress.stop())
}

/// Fetches the records from the offset `start` on, and compares each with what was produced.
fn fetch(mut fetcher: PartitionFetcher, start: i64, records: u64, stop: &Stop) -> Result<Figures> {
    fetcher.seek(start);
    let mut progress = Progress::start("fetch", records);
    let mut numbers = 0..records;
    while !numbers.is_empty() && !stop.is_stopped() {
        let fetched = fetcher.fetch()?;
        let mut batches = fetched.visible_batches();
        for batch in &mut batches {
            let batch = batch?;
            let before = numbers.start;
            for (record, number) in batch.records()?.iter().zip(&mut numbers) {
                let record = record?;
                let expected = (start + number as i64, Some(&value(number)[..]));
                if (record.offset, record.value) != expected {
                    return Err(format!("record {number} came back as another: {record:?}").into());
                }
            }
            progress.count(numbers.start - before, batch.whole().size());
        }
        if batches.next_offset() == fetcher.offset() {
            return Err(format!("record {} is not there", numbers.start).into());
        }
        fetcher.seek(batches.next_offset());
    }
    Ok(progress.stop())
}

/// The value of the record with this number: unique, and no byte is the same in the next one.
fn value(number: u64) -> [u8; 100] {
    let mut value = [b'a' + (number % 26) as u8; 100];
    value[..8].copy_from_slice(&number.to_be_bytes());
    value
}
