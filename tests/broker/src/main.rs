//! A Kafka broker in memory, as a program.

use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;

use lexopt::prelude::*;
use libkafka_testbroker::{Broker, Builder, Listener};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

const USAGE: &str = "\
A Kafka broker in memory, for tests. It keeps nothing.

Usage: libkafka-testbroker [OPTIONS]

Options:
  --listen HOST:PORT        where node 1 listens; further nodes take the ports
                            that follow (127.0.0.1:9092); clients are told HOST
  --advertise HOST          what clients are told instead
  --cluster-id ID           the id of the cluster (follows from --listen)
  --nodes N                 number of nodes (1)
  --topic NAME:PARTITIONS   a topic to start with; may be given several times
  --sasl USER:PASSWORD      clients must be one of these users, by PLAIN or SCRAM;
                            may be given several times
  --tls CERT.pem:KEY.pem    speak TLS with this certificate
  --config KEY=VALUE        a configuration of the brokers, by Kafka's names
  -h, --help                print this

RUST_LOG=debug logs each request. SIGINT and SIGTERM end it.";

fn main() -> ExitCode {
    env_logger::init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("libkafka-testbroker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    // Before the broker starts, so that a signal right after its first line finds us ready.
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let Some(builder) = parse(lexopt::Parser::from_env())? else {
        println!("{USAGE}");
        return Ok(());
    };
    let broker = builder.start()?;
    println!("listening on {}", broker.bootstrap());
    signals.forever().next();
    drop(broker);
    println!("stopped");
    Ok(())
}

/// Parses the command line; `None` for help.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Builder>, lexopt::Error> {
    let (mut sasl, mut tls) = (false, false);
    let (mut listen_host, mut advertised) = (None, None);
    let mut builder = Broker::builder().listen(([127, 0, 0, 1], 9092).into());
    while let Some(arg) = parser.next()? {
        builder = match arg {
            Long("listen") => {
                let (host, address) = parser.value()?.parse_with(address)?;
                listen_host = host;
                builder.listen(address)
            }
            Long("advertise") => {
                advertised = Some(parser.value()?.parse::<String>()?);
                builder
            }
            Long("cluster-id") => builder.cluster_id(parser.value()?.parse::<String>()?),
            Long("nodes") => builder.nodes(parser.value()?.parse()?),
            Long("topic") => {
                let (name, partitions) = parser.value()?.parse_with(|text| split(text, ':'))?;
                builder.topic(
                    name,
                    partitions.parse().map_err(|_| "PARTITIONS is a number")?,
                )
            }
            Long("sasl") => {
                let (name, password) = parser.value()?.parse_with(|text| split(text, ':'))?;
                sasl = true;
                builder.user(name, password)
            }
            Long("tls") => {
                tls = true;
                parser
                    .value()?
                    .parse_with(|text| with_tls(builder.clone(), text))?
            }
            Long("config") => {
                let (name, value) = parser.value()?.parse_with(|text| split(text, '='))?;
                builder.config(name, value)
            }
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(arg.unexpected()),
        };
    }
    if let Some(host) = advertised.or(listen_host) {
        builder = builder.advertise(host);
    }
    Ok(Some(builder.listener(match (sasl, tls) {
        (false, false) => Listener::Plaintext,
        (false, true) => Listener::Ssl,
        (true, false) => Listener::SaslPlaintext,
        (true, true) => Listener::SaslSsl,
    })))
}

#[cfg(feature = "tls")]
fn with_tls(builder: Builder, text: &str) -> Result<Builder, String> {
    let (certificate, key) = split(text, ':')?;
    let read = |path: String| std::fs::read(&path).map_err(|error| format!("{path}: {error}"));
    let tls = libkafka_testbroker::Tls::new(read(certificate)?, read(key)?);
    Ok(builder.tls(tls.map_err(|error| error.to_string())?))
}

#[cfg(not(feature = "tls"))]
fn with_tls(_: Builder, _: &str) -> Result<Builder, String> {
    Err("this program was built without the feature tls".to_owned())
}

/// Parses `HOST:PORT`. Returns the address, and the host if it is a name.
fn address(text: &str) -> Result<(Option<String>, SocketAddr), String> {
    let mut addresses = text.to_socket_addrs().map_err(|error| error.to_string())?;
    let address = addresses.next().ok_or_else(|| "no such host".to_owned())?;
    let name = match text.parse::<SocketAddr>() {
        Ok(_) => None,
        Err(_) => text.rsplit_once(':').map(|(host, _)| host.to_owned()),
    };
    Ok((name, address))
}

fn split(text: &str, at: char) -> Result<(String, String), String> {
    let (name, value) = text
        .rsplit_once(at)
        .ok_or_else(|| format!("it wants a {at}"))?;
    Ok((name.to_owned(), value.to_owned()))
}
