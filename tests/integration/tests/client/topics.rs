//! Topics for tests to use, on the broker that the tests here share.

use libkafka_client::{Client, Config};
use libkafka_testkafka::Kafka;

pub(crate) use libkafka_integration::create;

/// A client of that broker.
pub(crate) fn client() -> Client {
    Client::new(Config::new(Kafka::shared().bootstrap())).unwrap()
}
