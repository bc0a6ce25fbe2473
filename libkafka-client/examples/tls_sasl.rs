//! Connects with TLS and SASL, and prints the brokers and how long each step took.

mod program;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use libkafka_client::{Broker, Client, Config, Plain, Scram, Stop, Timings, Tls};
use program::{Arguments, Result, UsageError, print_table};
use serde_json::json;

const USAGE: &str = "\
Lists the brokers of a cluster that requires TLS and SASL.

Usage: KAFKA_PASSWORD=... cargo run --example tls_sasl --features tls-ring -- [OPTIONS] \\
           --bootstrap HOST:PORT --ca FILE --user NAME

Options:
  --bootstrap HOST:PORT  bootstrap brokers
  --ca FILE              the authorities to trust, in PEM
  --certificate FILE     a certificate to show, in PEM (mTLS); with --key
  --key FILE             its key
  --user NAME            the user; the password comes from KAFKA_PASSWORD
  --mechanism NAME       PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 (SCRAM-SHA-512)
  --json                 print one JSON object per line";

fn main() -> ExitCode {
    program::run(USAGE, tls_sasl)
}

fn tls_sasl(mut arguments: Arguments, _: &Stop) -> Result {
    let needed = |name: &str| UsageError(format!("{name} is needed"));
    let bootstrap = arguments.option::<String>("--bootstrap")?;
    let ca = arguments.option::<String>("--ca")?;
    let certificate = arguments.option::<String>("--certificate")?;
    let key = arguments.option::<String>("--key")?;
    let user = arguments.option::<String>("--user")?;
    let mechanism: String = arguments.option_or("--mechanism", "SCRAM-SHA-512")?;
    let json = arguments.flag("--json");
    arguments.end()?;
    let bootstrap = bootstrap.ok_or_else(|| needed("--bootstrap"))?;
    let ca = ca.ok_or_else(|| needed("--ca"))?;
    let user = user.ok_or_else(|| needed("--user"))?;
    // Other users of the machine can read the arguments of a program, but not its environment.
    let password = env::var("KAFKA_PASSWORD").map_err(|_| needed("KAFKA_PASSWORD"))?;

    let tls = match certificate.zip(key) {
        Some((certificate, key)) => Tls::trusting_as(ca, certificate, key)?,
        None => Tls::trusting(ca)?,
    };
    let config = Config::new(bootstrap).tls(tls);
    let config = match &*mechanism {
        "PLAIN" => config.sasl(Plain::new(user, password)),
        "SCRAM-SHA-256" => config.sasl(Scram::sha_256(user, password)),
        "SCRAM-SHA-512" => config.sasl(Scram::sha_512(user, password)),
        other => return Err(UsageError(format!("there is no mechanism {other}")).into()),
    };

    let mut client = Client::new(config)?;
    let cluster = client.describe_cluster()?;
    let opened = client.last_exchange().map(|exchange| exchange.timings);
    let row = |broker: &Broker| vec![json!(broker.id), json!(broker.address.to_string())];
    let rows: Vec<_> = cluster.brokers.iter().map(|broker| row(broker)).collect();
    print_table(&["broker", "address"], &rows, json)?;

    let Timings {
        connect,
        tls,
        authenticate,
        ..
    } = opened.unwrap_or_default();
    let steps = [("connect", connect), ("TLS", tls), ("SASL", authenticate)];
    let row = |(step, time): (&str, Duration)| vec![json!(step), json!(time.as_micros() as u64)];
    print_table(&["step", "microseconds"], &steps.map(row), json)?;
    Ok(())
}
