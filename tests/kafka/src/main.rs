//! Starts a real Kafka for use by hand, prints where it listens, and ends with Ctrl-C or when
//! standard input is closed.

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use lexopt::prelude::*;
use libkafka_testkafka::{Builder, Identity, Kafka, User};

const USAGE: &str = "\
cargo run -p libkafka-testkafka -- [OPTION]...

  --version VERSION      the release of Kafka (default: the newest)
  --brokers N            1 to 5
  --tls                  listeners SSL and MTLS too
  --sasl                 listener SASL_PLAINTEXT too, and with --tls SASL_SSL
  --property KEY=VALUE   a line of server.properties; may be repeated
  --jvm FLAG             a flag of the Java virtual machine; may be repeated

Ends with Ctrl-C, or when standard input is closed.";

fn main() -> ExitCode {
    let builder = match options() {
        Ok(Some(builder)) => builder,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    match builder.start() {
        Ok(kafka) => {
            show(&kafka);
            println!("up in {:.1} s", start.elapsed().as_secs_f32());
            // What is read does not matter; the end does. Ctrl-C ends this process, and the guard
            // ends the brokers.
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `None` if help is wanted.
fn options() -> Result<Option<Builder>, lexopt::Error> {
    let mut builder = Kafka::builder();
    let mut parser = lexopt::Parser::from_env();
    while let Some(option) = parser.next()? {
        builder = match option {
            Long("version") => builder.version(parser.value()?.parse()?),
            Long("brokers") => builder.brokers(parser.value()?.parse()?),
            Long("tls") => builder.tls(true),
            Long("sasl") => builder.sasl(true),
            Long("property") => {
                let property = parser.value()?.string()?;
                let (key, value) = property
                    .split_once('=')
                    .ok_or("--property wants KEY=VALUE")?;
                builder.property(key, value)
            }
            Long("jvm") => builder.jvm(parser.value()?.string()?),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        };
    }
    Ok(Some(builder))
}

fn show(kafka: &Kafka) {
    println!("Kafka {}, in {}", kafka.version(), kafka.folder().display());
    for listener in kafka.listeners() {
        println!("{listener:15} {}", kafka.bootstrap_of(listener));
    }
    if kafka.listeners().any(|listener| listener.is_tls()) {
        let certificates = kafka.certificates();
        println!("{:15} {}", "CA", certificates.ca().display());
        println!(
            "{:15} {}",
            "client",
            certificates.both(Identity::Client).display()
        );
    }
    if kafka.listeners().any(|listener| listener.is_sasl()) {
        let mechanisms: Vec<&str> = kafka
            .mechanisms()
            .map(|mechanism| mechanism.name())
            .collect();
        println!("{:15} {}", "mechanisms", mechanisms.join(" "));
        for user in User::ALL {
            println!("{:15} {} {}", "user", user.name, user.password);
        }
    }
    let pids: Vec<String> = kafka.ids().map(|id| kafka.pid(id).to_string()).collect();
    println!("{:15} {}", "pids", pids.join(" "));
}
