//! The client against the embedded broker, which fails on purpose.

mod answers;
mod authentication;
mod leadership;
mod wire;

use std::time::Duration;

use bytes::Bytes;
use libkafka_client::{Client, Config};
use libkafka_integration::{fails_within, values};
use libkafka_testbroker::Broker;

/// A broker with the topic `t` of one partition.
fn broker() -> Broker {
    Broker::builder().topic("t", 1).start().unwrap()
}

fn config(broker: &Broker) -> Config {
    Config::new(broker.bootstrap()).timeout(Duration::from_secs(5))
}

fn client(broker: &Broker) -> Client {
    Client::new(config(broker)).unwrap()
}

fn batch(value: &str) -> Bytes {
    libkafka_integration::batch(0, &[value])
}
