//! Copies a topic from one cluster to another, batch by batch without changes. Offsets are
//! committed once the batches are stored, so that the next run continues where this one stopped.
//!
//! ```text
//! cargo run --release --example mirror -- one:9092 other:9092 orders
//! ```

mod program;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{ClassicOptions, Membership, Subscription};
use libkafka_client::{
    ClaimedBatch, Client, Commits, Config, ConsumerOptions, Polled, Producer, ProducerConfig, Stop,
};
use program::{Arguments, Progress, Result, UsageError, print_table};

const USAGE: &str = "\
Copies a topic to another cluster, where it must have at least as many partitions.

Usage: cargo run --release --example mirror -- [OPTIONS] FROM TO TOPIC

Options:
  --group GROUP          the group that commits the progress (mirror)
  --count N              stop after N records
  --json                 print what was copied as JSON";

/// How long the clusters may take for each step.
const WAIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    program::run(USAGE, mirror)
}

fn mirror(mut arguments: Arguments, stop: &Stop) -> Result {
    let group: String = arguments.option_or("--group", "mirror")?;
    let mut left: u64 = arguments.option_or("--count", u64::MAX)?;
    let json = arguments.flag("--json");
    let [from, to, topic] = <[String; 3]>::try_from(arguments.rest()?)
        .map_err(|_| UsageError("FROM, TO and TOPIC are needed".to_owned()))?;
    let protocol = ClassicOptions::default().assignor(CooperativeSticky);
    let membership = Membership::classic(group, Subscription::topics([topic]), protocol);
    let options = ConsumerOptions::new().commits(Commits::Every(Duration::from_secs(1)));
    let mut consumer = Client::new(Config::new(from))?.consumer(membership, options)?;
    let producer = Producer::new(Config::new(to), ProducerConfig::new())?;

    let mut progress = Progress::start("mirror", 0);
    let mut copied = BTreeMap::<i32, u64>::new();
    // What is on its way, by partition and number, until it is stored.
    let mut sent = BTreeMap::<(i32, u64), (ClaimedBatch, u64)>::new();
    while (left > 0 || !sent.is_empty()) && !stop.is_stopped() {
        let wait = Duration::from_millis(if sent.is_empty() { 200 } else { 0 });
        match consumer.poll(wait)? {
            Polled::Records(batch) if left > 0 => {
                let records = batch.records()?.iter().count() as u64;
                let partition = batch.partition().partition;
                let topic = &batch.partition().topic;
                let ticket = producer.send_batch(topic, partition, batch.raw().clone(), WAIT)?;
                sent.insert((partition, ticket.batch()), (batch, records));
                left = left.saturating_sub(records);
            }
            Polled::Trouble { claim, error, .. } => eprintln!("{}: {error}", claim.partition()),
            Polled::Stopped { why } => return Err(format!("the group is left: {why:?}").into()),
            _ => {}
        }
        let wait = Duration::from_millis(if sent.is_empty() { 0 } else { 5 });
        while let Some(delivery) = producer.take_delivery(wait) {
            if let Err(failure) = &delivery.outcome {
                return Err(failure.to_string().into());
            }
            let key = (delivery.partition.partition, delivery.batch);
            if let Some((batch, records)) = sent.remove(&key) {
                batch.handled();
                progress.count(records, batch.raw().len());
                *copied.entry(key.0).or_default() += records;
            }
        }
    }
    // What is handled is committed.
    consumer.close(WAIT)?;
    progress.stop();
    let row = |(partition, records): (i32, u64)| vec![partition.into(), records.into()];
    let rows: Vec<_> = copied.into_iter().map(row).collect();
    Ok(print_table(&["partition", "records"], &rows, json)?)
}
