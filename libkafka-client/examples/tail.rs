//! Prints the records of all partitions of a topic, in one thread, over one connection to each
//! broker: existing ones with `--from-beginning`, and new ones as they arrive.

mod program;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use libkafka_client::membership::Subscription;
use libkafka_client::{
    ClaimedBatch, Client, Config, ConsumerOptions, Isolation, Polled, StartAt, Stop,
};
use libkafka_client::{FetchOptions, RetryMethod};
use program::{Arguments, Result, UsageError};
use serde_json::json;

const USAGE: &str = "\
Prints the records of all partitions of a topic.

Usage: cargo run --release --example tail -- [OPTIONS] BOOTSTRAP TOPIC

Options:
  --from-beginning       print the existing records first
  --count N              stop after N records
  --json                 print one JSON object per line";

/// The longest time until Ctrl-C is noticed.
const WAIT: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    program::run(USAGE, tail)
}

fn tail(mut arguments: Arguments, stop: &Stop) -> Result {
    let start = match arguments.flag("--from-beginning") {
        true => StartAt::Earliest,
        false => StartAt::Latest,
    };
    let mut left = arguments.option_or("--count", u64::MAX)?;
    let json = arguments.flag("--json");
    let [bootstrap, topic] = <[String; 2]>::try_from(arguments.rest()?)
        .map_err(|_| UsageError("BOOTSTRAP and TOPIC are needed".to_owned()))?;

    let client = Client::new(Config::new(bootstrap))?;
    let committed = FetchOptions::new().isolation(Isolation::ReadCommitted);
    let options = ConsumerOptions::new().start(start).fetch(committed);
    // Nobody else shares the topic: it takes a `Membership` instead to be in a group.
    let mut consumer = client.consumer(Subscription::topics([topic]), options)?;
    while left > 0 && !stop.is_stopped() {
        match consumer.poll(WAIT)? {
            Polled::Records(batch) => left -= print(&batch, left, json)?,
            Polled::Trouble { claim, error, .. } => match error.retry_method() {
                RetryMethod::GiveUp => return Err(format!("{}: {error}", claim.partition()).into()),
                _ => log::warn!("{}: {error}", claim.partition()),
            },
            _ => {}
        }
    }
    Ok(consumer.close(WAIT)?)
}

/// Prints records of a batch, and returns how many: no more than `most`.
fn print(batch: &ClaimedBatch, most: u64, json: bool) -> Result<u64> {
    let (mut out, mut printed) = (io::stdout().lock(), 0);
    for record in batch
        .records()?
        .iter()
        .take(most.try_into().unwrap_or(usize::MAX))
    {
        let record = record?;
        let (at, offset) = (batch.partition(), record.offset);
        let (key, value) = (record.key_text(), record.value_text());
        match json {
            true => writeln!(
                out,
                "{}",
                json!({"partition": at.partition, "offset": offset, "key": key, "value": value})
            )?,
            false => writeln!(out, "{at} {offset}: {}", value.unwrap_or_default())?,
        }
        printed += 1;
    }
    // Without a group nothing is committed, but memory is given back.
    batch.handled();
    Ok(printed)
}
