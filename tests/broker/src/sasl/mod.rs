//! Who a client is.

mod plain;
mod scram;

use std::collections::BTreeMap;

use self::scram::{Hash, Scram};
use crate::clock::Time;

/// Names of users, each with its password.
pub(crate) type Users = BTreeMap<String, String>;

/// Kafka's names of the mechanisms, in the order in which a broker tells them.
pub(crate) const MECHANISMS: [&str; 3] = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

/// How far a connection has come.
#[derive(Debug)]
pub(crate) enum Sasl {
    /// The listener does not ask.
    NotAsked,
    /// Nothing has been said yet.
    Awaited,
    /// A mechanism has been agreed upon.
    Exchange(Mechanism),
    /// As [`Exchange`](Self::Exchange), but its messages come without a request around them: what
    /// SaslHandshake version 0 leads to.
    Raw(Mechanism),
    /// The user has proven who it is.
    Done,
}

/// For how long a user that has proven who it is need not do so again (KIP-368).
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) mechanism: &'static str,
    /// When it was begun to renew it last.
    pub(crate) renewal: Option<Time>,
    pub(crate) ends: Time,
}

/// It cannot be renewed more often than that.
const RENEWAL_INTERVAL: Time = Time::from_secs(1);

impl Session {
    /// May the user prove again by now who it is?
    pub(crate) fn may_be_renewed(&self, now: Time) -> bool {
        let last = self.renewal.map(|last| last + RENEWAL_INTERVAL);
        last.is_none_or(|earliest| now >= earliest)
    }
}

/// A mechanism at work.
#[derive(Debug)]
pub(crate) enum Mechanism {
    Plain,
    Scram(Scram),
}

/// What comes of a message of the client's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What to say.
    pub(crate) challenge: Vec<u8>,
    /// Who it is, once that is known.
    pub(crate) user: Option<String>,
}

impl Mechanism {
    /// The mechanism of this name.
    pub(crate) fn new(name: &str) -> Option<Self> {
        match name {
            "PLAIN" => Some(Self::Plain),
            "SCRAM-SHA-256" => Some(Self::Scram(Scram::new(Hash::Sha256))),
            "SCRAM-SHA-512" => Some(Self::Scram(Scram::new(Hash::Sha512))),
            _ => None,
        }
    }

    /// Kafka's name of it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Plain => MECHANISMS[0],
            Self::Scram(scram) => scram.name(),
        }
    }

    /// Takes a message.
    ///
    /// # Errors
    /// With what Kafka says to a client that it turns away.
    pub(crate) fn step(&mut self, message: &[u8], users: &Users) -> Result<Step, String> {
        match self {
            Self::Plain => plain::step(message, users),
            Self::Scram(scram) => scram.step(message, users).ok_or_else(|| {
                format!(
                    "Authentication failed during authentication due to invalid credentials with SASL mechanism {}",
                    scram.name()
                )
            }),
        }
    }
}
