//! Reads topics as a member of a group, and prints the records. Start it several times and stop
//! some of them: the others continue where those stopped.
//!
//! ```text
//! cargo run --release --example group_worker -- localhost:9092 billing orders
//! ```

mod program;

use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::time::{Duration, SystemTime};

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{ClassicOptions, ConsumerOptions as Kip848};
use libkafka_client::membership::{Membership, Subscription};
use libkafka_client::{ClaimedBatch, Client, Commits, Config, ConsumerOptions, Polled, Stop};
use program::{Arguments, Result, UsageError};
use serde_json::json;

const USAGE: &str = "\
Reads topics as a member of a group, and prints the records; commits what is printed.

Usage: cargo run --release --example group_worker -- [OPTIONS] BOOTSTRAP GROUP TOPIC...

Options:
  --classic              use the classic protocol: for Kafka before 4.0
  --count N              stop after N records
  --json                 print JSON, including what happens to partitions";

fn main() -> ExitCode {
    program::run(USAGE, group_worker)
}

fn group_worker(mut arguments: Arguments, stop: &Stop) -> Result {
    let (classic, json) = (arguments.flag("--classic"), arguments.flag("--json"));
    let mut left = arguments.option_or("--count", u64::MAX)?;
    let mut rest = arguments.rest()?.into_iter();
    let (Some(bootstrap), Some(group)) = (rest.next(), rest.next()) else {
        return Err(UsageError("BOOTSTRAP, GROUP and TOPICs are needed".to_owned()).into());
    };
    let topics = Subscription::topics(rest);
    let membership = if classic {
        let options = ClassicOptions::default().assignor(CooperativeSticky);
        Membership::classic(group, topics, options)
    } else {
        let since = SystemTime::UNIX_EPOCH.elapsed()?.as_nanos();
        let member_id = format!("{}-{since}", process::id());
        Membership::consumer(group, member_id, topics, Kip848::default())
    };
    let options = ConsumerOptions::new().commits(Commits::Every(Duration::from_secs(5)));
    let client = Client::new(Config::new(bootstrap))?;
    let mut consumer = client.consumer(membership, options)?;
    while left > 0 && !stop.is_stopped() {
        let polled = consumer.poll(Duration::from_millis(200))?;
        if let Polled::Records(batch) = &polled {
            left -= print(batch, left, json)?;
        } else if json && !matches!(polled, Polled::Idle) {
            println!("{}", json!({ "event": format!("{polled:?}") }));
        } else if let Polled::Trouble { claim, error, .. } = &polled {
            eprintln!("{}: {error}", claim.partition());
        }
        if let Polled::Stopped { why } = polled {
            return Err(format!("the group is left: {why:?}").into());
        }
    }
    // What is handled is committed, and the others have the partitions at once.
    Ok(consumer.close(Duration::from_secs(10))?)
}

/// Prints at most this many records, marks them as handled, and returns how many.
fn print(batch: &ClaimedBatch, most: u64, json: bool) -> Result<u64> {
    let mut out = io::stdout().lock();
    let mut printed = 0;
    for record in &batch.records()? {
        if printed == most {
            break;
        }
        let record = record?;
        let (partition, offset) = (batch.partition(), record.offset);
        let value = record.value_text().unwrap_or_default();
        match json {
            true => writeln!(
                out,
                "{}",
                json!({ "partition": partition.to_string(), "offset": offset, "value": value })
            )?,
            false => writeln!(out, "{partition} {offset}: {value}")?,
        }
        batch.handled_to(offset + 1);
        printed += 1;
    }
    // Offsets after the last record may have none.
    if printed < most {
        batch.handled();
    }
    Ok(printed)
}
