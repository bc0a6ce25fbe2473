//! [`Mechanism`]: a SASL mechanism in progress.

use super::hash::Hash;
use super::oauth_bearer::OauthBearer;
use super::plain;
use super::scram::Scram;
use super::step::Step;
use super::users::Users;

/// Kafka's names of the mechanisms, in the order in which a broker lists them.
pub(crate) const MECHANISMS: [&str; 4] = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"];

/// A mechanism in progress.
#[derive(Debug)]
pub(crate) enum Mechanism {
    Plain,
    Scram(Scram),
    OauthBearer(OauthBearer),
}

impl Mechanism {
    /// The mechanism of this name.
    pub(crate) fn new(name: &str) -> Option<Self> {
        match name {
            "PLAIN" => Some(Self::Plain),
            "SCRAM-SHA-256" => Some(Self::Scram(Scram::new(Hash::Sha256))),
            "SCRAM-SHA-512" => Some(Self::Scram(Scram::new(Hash::Sha512))),
            "OAUTHBEARER" => Some(Self::OauthBearer(OauthBearer::default())),
            _ => None,
        }
    }

    /// Kafka's name for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Plain => MECHANISMS[0],
            Self::Scram(scram) => scram.name(),
            Self::OauthBearer(_) => MECHANISMS[3],
        }
    }

    /// Handles a message.
    ///
    /// # Errors
    /// Kafka's message to a client that it refuses; empty if it closes the connection instead.
    pub(crate) fn step(
        &mut self,
        message: &[u8],
        users: &Users,
        now_ms: i64,
    ) -> Result<Step, String> {
        match self {
            Self::OauthBearer(exchange) => exchange.step(message, now_ms),
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
