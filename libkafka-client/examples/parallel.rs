//! Reads a topic as a member of a group, in several threads: each partition in order, and as many
//! partitions at the same time as there are threads.
//!
//! ```text
//! cargo run --release --example parallel -- localhost:9092 billing orders --threads 4
//! ```

mod program;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{ClassicOptions, Membership, Subscription};
use libkafka_client::{
    ClaimedBatch, Client, Config, ConsumerOptions, Cursor, Error, Flow, Stop, TopicPartition, Work,
};
use program::{Arguments, Progress, Result, UsageError, print_table};

const USAGE: &str = "\
Reads a topic as a member of a group, and handles the records in several threads.

Usage: cargo run --release --example parallel -- [OPTIONS] BOOTSTRAP GROUP TOPIC

Options:
  --threads N            how many threads handle records (4)
  --count N              stop after N records
  --json                 print what was handled as JSON";

fn main() -> ExitCode {
    program::run(USAGE, parallel)
}

fn parallel(mut arguments: Arguments, stop: &Stop) -> Result {
    let threads = arguments.option_or("--threads", 4usize)?;
    let count = arguments.option_or("--count", u64::MAX)?;
    let json = arguments.flag("--json");
    let [bootstrap, group, topic] = <[String; 3]>::try_from(arguments.rest()?)
        .map_err(|_| UsageError("BOOTSTRAP, GROUP and TOPIC are needed".to_owned()))?;
    let client = Client::new(Config::new(bootstrap))?;
    let options = ClassicOptions::default().assignor(CooperativeSticky);
    let membership = Membership::classic(group, Subscription::topics([topic]), options);
    let workers = client
        .consumer(membership, ConsumerOptions::new())?
        .into_workers()?;

    let done = Mutex::new((Progress::start("handle", 0), BTreeMap::new()));
    let handler = |cursor: &mut Cursor, work: Work| {
        let partition = cursor.claim().partition();
        if let Work::Trouble { error, .. } = &work {
            eprintln!("{partition}: {error}");
        }
        let Work::Records(batch) = work else {
            return Flow::Go;
        };
        let records = match handle(&batch) {
            Ok(records) => records,
            Err(error) => {
                eprintln!("{partition}: {error}");
                return Flow::Retry;
            }
        };
        batch.handled();
        let mut done = done.lock().expect("no thread panicked");
        done.0.count(records, batch.raw().len());
        *done.1.entry(partition.clone()).or_default() += records;
        if done.1.values().sum::<u64>() >= count {
            stop.stop();
        }
        Flow::Go
    };
    thread::scope(|scope| -> Result<(), Error> {
        let work = || workers.work(stop, handler);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        // However long the handlers take, the partitions are kept.
        scope.spawn(|| workers.keep(stop));
        let mut ended = threads.into_iter().flat_map(|thread| thread.join());
        ended.try_for_each(|worked| worked)
    })?;
    // What is handled is committed.
    workers.finish().close(Duration::from_secs(10))?;
    let (progress, handled) = done.into_inner().expect("no thread panicked");
    progress.stop();
    let row = |(partition, records): (TopicPartition, u64)| {
        vec![partition.to_string().into(), records.into()]
    };
    let rows: Vec<_> = handled.into_iter().map(row).collect();
    Ok(print_table(&["partition", "records"], &rows, json)?)
}

/// Reads the records; a real handler would do something with them.
fn handle(batch: &ClaimedBatch) -> Result<u64, Error> {
    let records = batch.records()?;
    let mut records = records.iter();
    records.try_fold(0, |count, record| Ok(record.map(|_| count + 1)?))
}
