//! A member of a group that reads a topic, until standard input ends; then it leaves. It writes down
//! what it owns, reads and commits.
//!
//! `group-member BOOTSTRAP GROUP TOPIC NAME [KEY=VALUE]...`

mod journal;
mod leaving;
mod member;
mod settings;
mod workers;

use std::error::Error;
use std::io;
use std::thread;
use std::time::Duration;

use libkafka_client::membership::{Membership, Subscription};
use libkafka_client::{Client, Config, Stop};

use crate::journal::Journal;
use crate::settings::Settings;

/// What ends the program.
type Failure = Box<dyn Error + Send + Sync>;

/// How long a commit may take, and to leave.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bootstrap, group, topic, name, settings @ ..] = &arguments[..] else {
        return Err("BOOTSTRAP GROUP TOPIC NAME [KEY=VALUE]...".into());
    };
    let settings = Settings::read(settings)?;
    let subscription = Subscription::topics([topic.as_str()]);
    let membership = match settings.consumer {
        true => Membership::consumer(group, name, subscription, settings.of_consumer()),
        false => Membership::classic(group, subscription, settings.of_classic()),
    };
    let client = Client::new(settings.access(Config::new(bootstrap.as_str())))?;
    let consumer = client.consumer(membership, settings.options())?;
    let stop = consumer.stopper();
    stop_at_the_end_of_input(&stop);
    let mut journal = Journal::new(name);
    let consumer = match settings.workers {
        Some(threads) => workers::run(consumer, &stop, &mut journal, threads)?,
        None => member::run(consumer, &mut journal, &settings)?,
    };
    leaving::leave(consumer, &mut journal)
}

fn stop_at_the_end_of_input(stop: &Stop) {
    let stop = stop.clone();
    thread::spawn(move || {
        // What is read does not matter; the end does.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        stop.stop();
    });
}
