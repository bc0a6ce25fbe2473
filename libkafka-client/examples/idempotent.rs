//! Produces with sequence numbers, so that each record is stored exactly once, although answers of
//! the broker are lost and batches are sent again.

mod program;

use std::process::ExitCode;
use std::time::Duration;

use libkafka_client::batch::Builder;
use libkafka_client::protocol::ApiKey;
use libkafka_client::protocol::messages::ProduceRequest;
use libkafka_client::{OffsetSpec, ProducerOptions, RetryPolicy, Stop};
use libkafka_testbroker::Fault;
use program::{Arguments, Brokers, Figures, Progress, Result, print_table};

const USAGE: &str = "\
Produces numbered batches over connections that break, and counts the records in the log.

Usage: cargo run --example idempotent -- [OPTIONS]

Options:
  --bootstrap HOST:PORT  the brokers to use; default: one in memory, which resets the connection
                         instead of sending every tenth answer
  --topic NAME           the topic to use, created if it does not exist (idempotent)
  --records N            how many records (10000)
  --json                 print one JSON object per line";

const RECORDS_PER_BATCH: u64 = 100;
/// How long to try to produce a batch.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    program::run(USAGE, idempotent)
}

fn idempotent(mut arguments: Arguments, stop: &Stop) -> Result {
    let brokers = Brokers::new(arguments.option("--bootstrap")?)?;
    let topic: String = arguments.option_or("--topic", "idempotent")?;
    let records = arguments.option_or("--records", 10_000u64)?;
    let json = arguments.flag("--json");
    arguments.end()?;

    let (mut client, start) = brokers.client_and_topic(&topic)?;
    let mut answers = 0;
    let faults = brokers.embedded().map(|broker| {
        let every_tenth = move |_: &ProduceRequest| {
            answers += 1;
            answers % 10 == 1
        };
        broker.inject(Fault::on(ApiKey::PRODUCE).when(every_tenth).reset())
    });

    let options = ProducerOptions::new().idempotent(true);
    let mut producer = client.producer_with(&topic, 0, options)?;
    let mut builder = Builder::new();
    let mut progress = Progress::start("produce", records);
    let mut next = 0;
    while next < records && !stop.is_stopped() {
        let first = next;
        next = records.min(first + RECORDS_PER_BATCH);
        for number in first..next {
            builder.add((), &number.to_be_bytes())?;
        }
        let batch = producer.build_numbered(&mut builder)?;
        progress.count(next - first, batch.len());
        // The broker knows the number of a batch that it has already, so it can be sent again
        // where nobody knows whether it was written.
        let policy = RetryPolicy::for_idempotent_calls().first_pause(Duration::from_millis(1));
        policy.run(PATIENCE, &mut producer, |producer| {
            producer.produce(batch.clone())
        })?;
    }
    let produced = progress.stop();
    let in_log = client.fetcher(&topic, 0)?.seek_to(OffsetSpec::Latest)? - start;
    let lost = faults.map(|faults| faults.remove());

    print_table(&Figures::COLUMNS, &[produced.row()], json)?;
    let row = vec![produced.records.into(), lost.into(), in_log.into()];
    print_table(&["records", "answers_lost", "in_log"], &[row], json)?;
    match in_log == produced.records as i64 {
        true => Ok(()),
        false => Err("there are more or fewer records in the log than were produced".into()),
    }
}
