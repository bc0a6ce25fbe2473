//! A way into a Kafka.

use libkafka_client::{Client, Config};
use libkafka_integration::{config, create, with_sasl};
use libkafka_testkafka::{Kafka, Listener, Mechanism, User, Version};

/// A way into a Kafka: a listener, and a SASL mechanism where it wants one.
pub(crate) struct Place {
    pub(crate) version: Version,
    pub(crate) listener: Listener,
    pub(crate) mechanism: Option<Mechanism>,
    /// What is right for this place.
    pub(crate) config: Config,
}

impl Place {
    /// All ways into a Kafka.
    pub(crate) fn all_of(kafka: &Kafka) -> Vec<Self> {
        let mut all = Vec::new();
        for listener in kafka.listeners() {
            let place = |mechanism| Self {
                version: kafka.version(),
                listener,
                mechanism,
                config: match mechanism {
                    Some(mechanism) => with_sasl(config(kafka, listener), mechanism, User::ALICE),
                    None => config(kafka, listener),
                },
            };
            if listener.is_sasl() {
                all.extend(kafka.mechanisms().map(Some).map(place));
            } else {
                all.push(place(None));
            }
        }
        all
    }

    /// `SASL_SSL/PLAIN`
    pub(crate) fn way(&self) -> String {
        match self.mechanism {
            Some(mechanism) => format!("{}/{mechanism}", self.listener),
            None => self.listener.to_string(),
        }
    }

    /// A name for this place's own.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{what}-{}", self.way().replace('/', "-"))
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config.clone()).unwrap()
    }

    /// Creates a topic with one partition and waits until its leader knows that it is; returns its
    /// name.
    pub(crate) fn create(&self, client: &mut Client, what: &str) -> String {
        self.create_with(client, what, 1)
    }

    /// As [`create`](Self::create), with so many partitions.
    pub(crate) fn create_with(&self, client: &mut Client, what: &str, partitions: i32) -> String {
        let name = self.name(what);
        create(client, &name, partitions, &[]);
        name
    }
}
