//! What kind of Kafka to start.

use crate::{Error, Identity, Kafka, Version};

/// Most brokers that a cluster can have.
const MOST_BROKERS: i32 = 5;

/// What kind of Kafka to start; made by [`Kafka::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    pub(crate) version: Version,
    pub(crate) brokers: i32,
    pub(crate) tls: bool,
    pub(crate) sasl: bool,
    pub(crate) tiered: bool,
    pub(crate) server_identity: Identity,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) jvm: Vec<String>,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder {
            version: Version::CURRENT,
            brokers: 1,
            tls: false,
            sasl: false,
            tiered: false,
            server_identity: Identity::Server,
            properties: Vec::new(),
            jvm: Vec::new(),
        }
    }

    /// The release; [`Version::CURRENT`] unless told.
    pub fn version(mut self, version: Version) -> Builder {
        self.version = version;
        self
    }

    /// The number of brokers, 1 to 5; 1 unless told. Their ids start at 1.
    pub fn brokers(mut self, brokers: i32) -> Builder {
        self.brokers = brokers;
        self
    }

    /// Adds listeners with TLS: [`Listener::Ssl`](crate::Listener::Ssl) and
    /// [`Listener::Mtls`](crate::Listener::Mtls).
    pub fn tls(mut self, tls: bool) -> Builder {
        self.tls = tls;
        self
    }

    /// Adds listeners with SASL: [`Listener::SaslPlaintext`](crate::Listener::SaslPlaintext) and, with
    /// TLS, [`Listener::SaslSsl`](crate::Listener::SaslSsl). [`User::ALL`](crate::User::ALL) are known.
    pub fn sasl(mut self, sasl: bool) -> Builder {
        self.sasl = sasl;
        self
    }

    /// Adds tiered storage (KIP-405): topics with `remote.storage.enable` have their older segments
    /// in a folder. Kafka 4.0 to 4.3.
    pub fn tiered(mut self, tiered: bool) -> Builder {
        self.tiered = tiered;
        self
    }

    /// The certificate that brokers show: a bad one makes every client turn away.
    pub fn server_identity(mut self, identity: Identity) -> Builder {
        self.server_identity = identity;
        self
    }

    /// A property of `server.properties`, of every broker; it overrides what the fixture sets.
    pub fn property(mut self, key: impl Into<String>, value: impl Into<String>) -> Builder {
        self.properties.push((key.into(), value.into()));
        self
    }

    /// A flag of the Java virtual machine, such as `-Xmx1g`; it overrides what the fixture sets.
    ///
    /// The fixture's brokers are made to start quickly: one that is to be measured wants
    /// `-XX:TieredStopAtLevel=4` for the optimizing compiler.
    pub fn jvm(mut self, flag: impl Into<String>) -> Builder {
        self.jvm.push(flag.into());
        self
    }

    /// Fetches what is missing, starts the brokers and waits until each answers and sees all others.
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::Maven`] when Kafka cannot be had; [`Error::Ended`] and
    /// [`Error::Deadline`], with the end of the broker's log, when one does not come up.
    pub fn start(self) -> Result<Kafka, Error> {
        if !(1..=MOST_BROKERS).contains(&self.brokers) {
            return Err(Error::Unsupported(format!(
                "{} brokers: 1 to {MOST_BROKERS} can be had",
                self.brokers
            )));
        }
        if self.tiered && (!self.version.since(4, 0) || self.version.since(4, 4)) {
            return Err(Error::Unsupported(format!(
                "tiered storage on Kafka {}: on 4.0 to 4.3 it can be had",
                self.version
            )));
        }
        Kafka::with(self)
    }
}
