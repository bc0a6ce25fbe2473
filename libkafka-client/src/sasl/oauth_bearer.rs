//! `OauthBearer`: the mechanism OAUTHBEARER, with a token from elsewhere (RFC 7628, KIP-255).

use std::error::Error as StdError;
use std::fmt;

use super::mechanism::{SaslMechanism, SaslSession};
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// A token, as issued by an authorization server.
#[derive(Clone)]
pub struct Token {
    value: String,
    extensions: Vec<(String, String)>,
}

impl Token {
    /// Makes a token with this value.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            extensions: Vec::new(),
        }
    }

    /// Adds a SASL extension, which some brokers require (KIP-342).
    #[must_use]
    pub fn extension(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extensions.push((name.into(), value.into()));
        self
    }
}

type Callback = dyn Fn(Deadline) -> Result<Token, Box<dyn StdError + Send + Sync>> + Send + Sync;

/// The mechanism OAUTHBEARER.
pub struct OauthBearer(Box<Callback>);

impl OauthBearer {
    /// Asks `token` for a currently valid token each time a connection is opened and before a
    /// session ends. The function runs within a call of the client, so it should keep a token for
    /// as long as it is valid and, when it requests a new one, respect the deadline that it is
    /// given.
    ///
    /// ```
    /// use libkafka_client::{Config, OauthBearer, Token};
    ///
    /// let bearer = OauthBearer::new(|_deadline| std::env::var("KAFKA_TOKEN").map(Token::new));
    /// let config = Config::new("localhost:9092").sasl(bearer);
    /// ```
    pub fn new<E: Into<Box<dyn StdError + Send + Sync>>>(
        token: impl Fn(Deadline) -> Result<Token, E> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(move |deadline| {
            token(deadline).map_err(Into::into)
        }))
    }
}

impl SaslMechanism for OauthBearer {
    fn name(&self) -> &str {
        "OAUTHBEARER"
    }

    fn begin(&self, _: &Broker, deadline: Deadline) -> Result<Box<dyn SaslSession>, SaslError> {
        let token = (self.0)(deadline).map_err(SaslError::Callback)?;
        let mut message = format!("n,,\x01auth=Bearer {}\x01", token.value);
        for (name, value) in &token.extensions {
            message.push_str(&format!("{name}={value}\x01"));
        }
        message.push('\x01');
        Ok(Box::new(Session {
            first: Some(message.into_bytes()),
            refusal: None,
        }))
    }
}

struct Session {
    first: Option<Vec<u8>>,
    refusal: Option<String>,
}

impl SaslSession for Session {
    fn step(&mut self, challenge: &[u8], _: Deadline) -> Result<Option<Vec<u8>>, SaslError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        if let Some(refusal) = self.refusal.take() {
            return Err(SaslError::Refused(refusal));
        }
        if challenge.is_empty() {
            return Ok(None);
        }
        // The reason for a refusal; the broker waits for this byte and then gives its error code.
        self.refusal = Some(String::from_utf8_lossy(challenge).into_owned());
        Ok(Some(vec![1]))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").finish_non_exhaustive()
    }
}

impl fmt::Debug for OauthBearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OauthBearer").finish_non_exhaustive()
    }
}
