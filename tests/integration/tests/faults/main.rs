//! The client against the embedded broker, which fails on purpose.

mod answers;
mod authentication;
mod elsewhere;
mod leadership;
mod security;
mod wire;

use std::time::Duration;

use libkafka_client::{Client, Config};
use libkafka_integration::{batch, fails_within, values};
use libkafka_testbroker::Broker;

/// The time of a call that is to use it up, and to come as far as it is to come before that on a busy
/// machine too.
const SHORT: Duration = Duration::from_secs(2);

/// The time of a call that is not, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

/// A broker with the topic `t` of one partition.
fn broker() -> Broker {
    Broker::builder().topic("t", 1).start().unwrap()
}

fn config(broker: &Broker) -> Config {
    Config::new(broker.bootstrap()).timeout(LONG)
}

fn client(broker: &Broker) -> Client {
    Client::new(config(broker)).unwrap()
}
