//! Produces a million records to a partition, fetches them back, and checks each of them.
//!
//! It brings its own broker, in memory, or takes one that is there:
//!
//! ```text
//! cargo run --release --example quickstart
//! cargo run --release --example quickstart -- --bootstrap localhost:9092 --topic quickstart
//! ```

use std::error::Error;
use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use lexopt::prelude::*;
use libkafka_client::batch::{Builder, Record};
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Client, Config, FetchOptions, NewTopic, OffsetSpec, PartitionProducer, RetryPolicy,
};
use libkafka_testbroker::Broker;

const USAGE: &str = "\
Produces a million records, fetches them back, and checks each of them.

Usage: cargo run --release --example quickstart -- [OPTIONS]

Options:
  --bootstrap HOST:PORT  the brokers to use; one of its own, in memory, unless given
  --topic NAME           the topic to use, created if there is none (quickstart)
  -h, --help             print this";

const RECORDS: u64 = 1_000_000;
const RECORD_BYTES: usize = 100;
const RECORDS_PER_BATCH: u64 = 1_000;
/// Batches on their way to the broker at a time; no more than `Config::max_in_flight`.
const IN_FLIGHT: usize = 5;
const PARTITION: i32 = 0;

fn main() -> ExitCode {
    let options = match Options::from_command_line() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("quickstart: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    // It ends when it is dropped, at the end of this function.
    let embedded;
    let bootstrap = match &options.bootstrap {
        Some(bootstrap) => bootstrap.clone(),
        None => {
            embedded = Broker::start()?;
            embedded.bootstrap()
        }
    };
    println!("broker {bootstrap}, topic {}", options.topic);

    let mut client = Client::new(Config::new(bootstrap))?;
    create_if_missing(&mut client, &options.topic)?;

    // The topic may have records already: ours come behind them.
    let mut fetcher = client.fetcher(&options.topic, PARTITION)?;
    let start = fetcher.seek_to(OffsetSpec::Latest)?;

    let produced = produce(&mut client, &options.topic, start)?;
    let fetched = fetch(&mut client, &options.topic, start)?;

    println!(
        "all {} came back, equal and in order\n",
        HumanCount(RECORDS)
    );
    println!("         records/s      MB/s   batches         bytes");
    println!("produce {produced}");
    println!("fetch   {fetched}");
    Ok(())
}

/// Makes sure that the topic is there and that its partition has a leader.
fn create_if_missing(client: &mut Client, topic: &str) -> Result<(), libkafka_client::Error> {
    match client.leader(topic, PARTITION) {
        Err(error) if error.code() == Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION) => {}
        result => return result.map(drop),
    }
    client.create_topic(NewTopic::new(topic).partitions(1))?;
    // A cluster takes a moment until all of it knows a new topic and its leader.
    let patience = Duration::from_secs(30);
    let leader = |client: &mut Client| client.leader(topic, PARTITION);
    RetryPolicy::default().run(patience, client, leader)?;
    Ok(())
}

/// Produces the records, the first of which gets the offset `start`.
fn produce(client: &mut Client, topic: &str, start: i64) -> Result<Figures, Box<dyn Error>> {
    let mut producer = client.producer(topic, PARTITION)?;
    let mut builder = Builder::new();
    let mut clock = Clock::start("produce")?;
    let mut next = start;
    for first in (0..RECORDS).step_by(RECORDS_PER_BATCH as usize) {
        for number in first..first + RECORDS_PER_BATCH {
            builder.add((), &value(number))?;
        }
        // Neither this nor `send` copies the batch, and the builder gets its memory back.
        let batch = builder.build_bytes()?;
        if producer.in_flight() == IN_FLIGHT {
            next = collect(&mut producer, next)?;
        }
        clock.count(batch.len(), RECORDS_PER_BATCH);
        producer.send(batch)?;
    }
    while producer.in_flight() > 0 {
        next = collect(&mut producer, next)?;
    }
    Ok(clock.stop())
}

/// Waits for the answer to the oldest batch in flight, which should be at the offset `expected`;
/// returns the offset after it.
fn collect(producer: &mut PartitionProducer, expected: i64) -> Result<i64, Box<dyn Error>> {
    let offset = producer.collect()?.and_then(|p| p.base_offset);
    if offset != Some(expected) {
        let found = offset.map_or("no offset".to_owned(), |offset| offset.to_string());
        return Err(format!(
            "a batch is at {found} instead of {expected}: does someone else produce to this topic?"
        )
        .into());
    }
    Ok(expected + RECORDS_PER_BATCH as i64)
}

/// Fetches the records from the offset `start` on, and compares each with what was produced.
fn fetch(client: &mut Client, topic: &str, start: i64) -> Result<Figures, Box<dyn Error>> {
    let mut fetcher =
        client.fetcher_with(topic, PARTITION, FetchOptions::new().max_bytes(4 << 20))?;
    fetcher.seek(start);
    let mut clock = Clock::start("fetch")?;
    let mut numbers = 0..RECORDS;
    while !numbers.is_empty() {
        let fetched = fetcher.fetch()?;
        let mut batches = fetched.visible_batches();
        for batch in &mut batches {
            let batch = batch?;
            for (record, number) in batch.records()?.iter().zip(&mut numbers) {
                check(&record?, start, number)?;
            }
            clock.count(batch.whole().size(), batch.header().record_count as u64);
        }
        let next = batches.next_offset();
        if next == fetcher.offset() {
            return Err(format!("nothing is at offset {next}, where records should be").into());
        }
        fetcher.seek(next);
    }
    Ok(clock.stop())
}

/// Compares a record that came back with the one of this number.
fn check(record: &Record<'_>, start: i64, number: u64) -> Result<(), String> {
    if record.offset != start + number as i64 {
        let offset = record.offset;
        return Err(format!("record {number} came back at offset {offset}"));
    }
    if record.key.is_some() || record.value != Some(&value(number)) {
        return Err(format!("record {number} came back as another: {record:?}"));
    }
    Ok(())
}

/// The value of the record of this number: each its own, and no byte the same in the next one.
fn value(number: u64) -> [u8; RECORD_BYTES] {
    let mut value = [b'a' + (number % 26) as u8; RECORD_BYTES];
    value[..8].copy_from_slice(&number.to_be_bytes());
    value
}

/// Counts what goes by, and shows how far it has come.
struct Clock {
    started: Instant,
    bar: ProgressBar,
    batches: u64,
    bytes: u64,
}

impl Clock {
    fn start(name: &'static str) -> Result<Self, Box<dyn Error>> {
        let style = "{prefix:8} {wide_bar} {human_pos} of {human_len} records";
        let bar = ProgressBar::new(RECORDS)
            .with_style(ProgressStyle::with_template(style)?)
            .with_prefix(name);
        Ok(Self {
            started: Instant::now(),
            bar,
            batches: 0,
            bytes: 0,
        })
    }

    fn count(&mut self, batch_bytes: usize, records: u64) {
        self.batches += 1;
        self.bytes += batch_bytes as u64;
        self.bar.inc(records);
    }

    fn stop(self) -> Figures {
        let seconds = self.started.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        Figures {
            seconds,
            batches: self.batches,
            bytes: self.bytes,
        }
    }
}

/// A line of the table.
struct Figures {
    seconds: f64,
    batches: u64,
    /// Of the batches, as they are on the wire.
    bytes: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records_per_second = HumanCount((RECORDS as f64 / self.seconds) as u64).to_string();
        let megabytes_per_second = self.bytes as f64 / self.seconds / 1e6;
        let batches = HumanCount(self.batches).to_string();
        let bytes = HumanCount(self.bytes).to_string();
        write!(
            f,
            "{records_per_second:>12} {megabytes_per_second:>9.1} {batches:>9} {bytes:>13}"
        )
    }
}

/// What the command line asks for.
struct Options {
    bootstrap: Option<String>,
    topic: String,
}

impl Options {
    /// `None` if help is wanted.
    fn from_command_line() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            bootstrap: None,
            topic: "quickstart".to_owned(),
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(option) = parser.next()? {
            match option {
                Long("bootstrap") => options.bootstrap = Some(parser.value()?.string()?),
                Long("topic") => options.topic = parser.value()?.string()?,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }
}
