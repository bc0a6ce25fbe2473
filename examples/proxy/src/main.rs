//! The proxy, as a program.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::mpsc;

use lexopt::prelude::*;
use libkafka_proxy::{Proxy, Rename};

const USAGE: &str = "\
A proxy between Kafka's clients and brokers, which can rename a topic.

Usage: cargo run -p libkafka-proxy -- [OPTIONS] --broker HOST:PORT

Options:
  --broker HOST:PORT     a broker of the cluster; the others follow from it
  --listen IP:PORT       where clients connect first (127.0.0.1:19092); each
                         broker gets a free port on the same address
  --rename CLIENTS=BROKERS
                         the topic that clients call CLIENTS is called BROKERS by
                         the brokers
  -h, --help             print this

RUST_LOG=libkafka_proxy=debug logs connections. Ctrl-C ends it.";

fn main() -> ExitCode {
    env_logger::init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("libkafka-proxy: {error}");
            ExitCode::from(if error.is::<lexopt::Error>() { 2 } else { 1 })
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 19092));
    let (mut broker, mut rename) = (None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("broker") => broker = Some(parser.value()?.string()?),
            Long("listen") => listen = parser.value()?.parse()?,
            Long("rename") => rename = Some(parser.value()?.parse_with(names)?),
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let broker = broker.ok_or(lexopt::Error::from("--broker is needed; --help tells more"))?;
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // An error says that the program ends already.
        let _ = stop.send(());
    })?;
    let proxy = Proxy::start(listen, &broker, rename)?;
    println!("listening on {}", proxy.address());
    stopped.recv()?;
    println!("stopped");
    Ok(())
}

fn names(text: &str) -> Result<Rename, String> {
    let names = text.split_once('=');
    let (for_clients, for_brokers) = names.ok_or("it wants a =")?;
    Ok(Rename {
        for_clients: for_clients.to_owned(),
        for_brokers: for_brokers.to_owned(),
    })
}
