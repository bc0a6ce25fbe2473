//! TLS, mTLS and SASL against real Apache Kafka and, where both have it, the embedded broker.

mod mistakes;
mod place;
mod refusals;
mod works;

use std::sync::OnceLock;

use libkafka_client::Config;
use libkafka_integration::{token, with_sasl};
use libkafka_testkafka::{Kafka, Listener};

/// How long a session of the brokers here lasts, in milliseconds: a client that renews it has most of
/// a second left for that, and needs it where the machine is busy.
const SESSIONS: (&str, &str) = ("connections.max.reauth.ms", "5000");

/// The broker that the tests here share, with all listeners.
fn kafka() -> &'static Kafka {
    static SHARED: OnceLock<Kafka> = OnceLock::new();
    SHARED.get_or_init(|| {
        let kafka = Kafka::builder().tls(true).sasl(true);
        let kafka = kafka.property(SESSIONS.0, SESSIONS.1);
        kafka.start().unwrap()
    })
}

/// A configuration that is right for a listener of the shared broker, less SASL.
fn config(listener: Listener) -> Config {
    libkafka_integration::config(kafka(), listener)
}
