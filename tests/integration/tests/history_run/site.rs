//! `Site`: three brokers that can be killed.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use libkafka_integration::strangers::properties;
use libkafka_testbroker::{Broker, Listener};
use libkafka_testkafka::{Kafka, Listener as RealListener, User, Version};

/// Before it, users are put into ZooKeeper, which takes a while.
const SASL_SINCE: Version = Version::new(4, 0, 0);

/// Three brokers that can be killed.
pub(crate) enum Site {
    /// In memory.
    Embedded(Broker),
    /// In processes of their own.
    Real(Box<Kafka>),
}

impl Site {
    pub(crate) fn embedded() -> Self {
        let User { name, password } = User::ALICE;
        let builder = Broker::builder()
            .nodes(3)
            .listener(Listener::Plaintext)
            .listener(Listener::SaslPlaintext)
            .user(name, password);
        let properties = properties(Version::CURRENT);
        let builder = properties
            .into_iter()
            .fold(builder, |builder, (key, value)| builder.config(key, value));
        Self::Embedded(builder.start().unwrap())
    }

    pub(crate) fn real(version: Version) -> Self {
        let builder = Kafka::builder()
            .version(version)
            .brokers(3)
            .sasl(version >= SASL_SINCE)
            // One that comes back is soon in sync, or soon is no more.
            .property("replica.lag.time.max.ms", "4000");
        let properties = properties(version);
        let builder = properties
            .into_iter()
            .fold(builder, |builder, (key, value)| {
                builder.property(key, value)
            });
        Self::Real(Box::new(builder.start().unwrap()))
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Embedded(_) => "embedded".to_owned(),
            Self::Real(kafka) => kafka.version().to_string(),
        }
    }

    pub(crate) fn version(&self) -> Version {
        match self {
            Self::Embedded(_) => Version::CURRENT,
            Self::Real(kafka) => kafka.version(),
        }
    }

    pub(crate) fn bootstrap(&self) -> String {
        match self {
            Self::Embedded(broker) => broker.bootstrap(),
            Self::Real(kafka) => kafka.bootstrap(),
        }
    }

    /// Where [`User::ALICE`] can log in with PLAIN, if there is such a listener.
    pub(crate) fn sasl_bootstrap(&self) -> Option<String> {
        match self {
            Self::Embedded(broker) => Some(broker.bootstrap_of(Listener::SaslPlaintext)),
            Self::Real(kafka) => {
                let mut listeners = kafka.listeners();
                let sasl = listeners.find(|listener| *listener == RealListener::SaslPlaintext)?;
                Some(kafka.bootstrap_of(sasl))
            }
        }
    }

    /// Where files of members can be.
    pub(crate) fn folder(&self) -> PathBuf {
        match self {
            Self::Embedded(_) => histories().to_owned(),
            Self::Real(kafka) => kafka.folder().to_owned(),
        }
    }

    pub(crate) fn ids(&self) -> RangeInclusive<i32> {
        1..=3
    }

    /// Ends a broker at once.
    pub(crate) fn kill(&self, broker: i32) {
        match self {
            Self::Embedded(embedded) => embedded.stop_node(broker),
            Self::Real(kafka) => kafka.kill(broker),
        }
    }

    /// Starts one that was killed.
    pub(crate) fn restart(&self, broker: i32) {
        match self {
            Self::Embedded(embedded) => embedded.start_node(broker).unwrap(),
            Self::Real(kafka) => kafka.restart(broker).unwrap(),
        }
    }
}

/// Where histories are kept in which something happened that must not have.
pub(crate) fn histories() -> &'static Path {
    let folder = Path::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/history-run"));
    fs::create_dir_all(folder).unwrap();
    folder
}
