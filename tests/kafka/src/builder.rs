//! [`Builder`]: what kind of Kafka to start.

use std::sync::OnceLock;

use crate::certificates::Identity;
use crate::error::Error;
use crate::kafka::Kafka;
use crate::settings::Settings;
use crate::version::Version;

/// Most brokers that a cluster can have.
const MOST_BROKERS: i32 = 5;

/// What kind of Kafka to start; made by [`Kafka::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder(Settings);

/// Starting.
impl Kafka {
    /// Starts one broker of [`Version::CURRENT`] with a plain listener.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub fn start() -> Result<Kafka, Error> {
        Kafka::builder().start()
    }

    /// Says what kind of Kafka to start.
    pub fn builder() -> Builder {
        Builder(Settings::default())
    }

    /// The broker that all tests of this process share: one of [`Version::CURRENT`], started when it
    /// is wanted first. A test that uses it takes topic names of its own and leaves the broker be.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> &'static Kafka {
        // A failure is kept too: a second attempt would only take as long to fail again.
        static SHARED: OnceLock<Result<Kafka, Error>> = OnceLock::new();
        match SHARED.get_or_init(Kafka::start) {
            Ok(kafka) => kafka,
            Err(error) => panic!("no Kafka to share: {error}"),
        }
    }
}

impl Builder {
    /// Sets the release. Default: [`Version::CURRENT`].
    pub fn version(mut self, version: Version) -> Builder {
        self.0.version = version;
        self
    }

    /// Sets the number of brokers, 1 to 5. Their ids start at 1. Default: 1.
    pub fn brokers(mut self, brokers: i32) -> Builder {
        self.0.brokers = brokers;
        self
    }

    /// Adds listeners with TLS: [`Listener::Ssl`](crate::Listener::Ssl) and
    /// [`Listener::Mtls`](crate::Listener::Mtls).
    pub fn tls(mut self, tls: bool) -> Builder {
        self.0.tls = tls;
        self
    }

    /// Adds listeners with SASL: [`Listener::SaslPlaintext`](crate::Listener::SaslPlaintext) and, with
    /// TLS, [`Listener::SaslSsl`](crate::Listener::SaslSsl). [`User::ALL`](crate::User::ALL) are known.
    pub fn sasl(mut self, sasl: bool) -> Builder {
        self.0.sasl = sasl;
        self
    }

    /// Adds tiered storage (KIP-405): topics with `remote.storage.enable` have their older segments
    /// in a folder. Kafka 4.0 to 4.3.
    pub fn tiered(mut self, tiered: bool) -> Builder {
        self.0.tiered = tiered;
        self
    }

    /// The certificate that brokers show: a bad one makes every client turn away.
    pub fn server_identity(mut self, identity: Identity) -> Builder {
        self.0.server_identity = identity;
        self
    }

    /// A property of `server.properties`, of every broker; it overrides what the fixture sets.
    pub fn property(mut self, key: impl Into<String>, value: impl Into<String>) -> Builder {
        self.0.properties.push((key.into(), value.into()));
        self
    }

    /// A flag of the Java virtual machine, such as `-Xmx1g`; it overrides what the fixture sets.
    ///
    /// The fixture's brokers are made to start quickly: one that is to be measured wants
    /// `-XX:TieredStopAtLevel=4` for the optimizing compiler.
    pub fn jvm(mut self, flag: impl Into<String>) -> Builder {
        self.0.jvm.push(flag.into());
        self
    }

    /// Fetches what is missing, starts the brokers and waits until each answers and sees all others.
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::Maven`] when Kafka cannot be had; [`Error::Ended`] and
    /// [`Error::Deadline`], with the end of the broker's log, when one does not come up.
    pub fn start(self) -> Result<Kafka, Error> {
        if !(1..=MOST_BROKERS).contains(&self.0.brokers) {
            return Err(Error::Unsupported(format!(
                "{} brokers: 1 to {MOST_BROKERS} can be had",
                self.0.brokers
            )));
        }
        if self.0.tiered && (!self.0.version.since(4, 0) || self.0.version.since(4, 4)) {
            return Err(Error::Unsupported(format!(
                "tiered storage on Kafka {}: on 4.0 to 4.3 it can be had",
                self.0.version
            )));
        }
        Kafka::with(self.0)
    }
}
