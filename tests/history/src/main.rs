//! Checks histories, and prints a report.

use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;
use std::time::Duration;

use libkafka_history::{History, Report, Rules, Start};

const USAGE: &str = "\
cargo run -p libkafka-history -- [OPTION]... FILE...

  FILE                   what a Recorder wrote
  --verifiable FILE      what Kafka's VerifiableConsumer or VerifiableProducer printed
  --session SECONDS      the session timeout of the group; default 45
  --not-idempotent       records may be in the log twice, and in any order
  --start-elsewhere      the group does not start at the beginning

Ends with 1 if something happened that must not have.";

fn main() -> ExitCode {
    match run() {
        Ok(Some(report)) => {
            print!("{report}");
            ExitCode::from(u8::from(!report.anomalies().is_empty()))
        }
        Ok(None) => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// `None` if help is wanted.
fn run() -> Result<Option<Report>, Box<dyn std::error::Error>> {
    let (mut history, mut rules) = (History::default(), Rules::default());
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.peek().is_none() {
        return Ok(None);
    }
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or(format!("{argument} lacks its value"))
        };
        match argument.as_str() {
            "--help" => return Ok(None),
            "--session" => {
                rules = rules.session_timeout(Duration::try_from_secs_f64(value()?.parse()?)?);
            }
            "--not-idempotent" => rules = rules.idempotent(false).ordered(false),
            "--start-elsewhere" => rules = rules.start(Start::Elsewhere),
            "--verifiable" => {
                let path = value()?;
                history.read_verifiable(&path, BufReader::new(File::open(&path)?))?;
            }
            option if option.starts_with('-') => {
                return Err(format!("no such option: {option}").into());
            }
            path => history.read(BufReader::new(File::open(path)?))?,
        }
    }
    Ok(Some(Report::of(&history, &rules)))
}
