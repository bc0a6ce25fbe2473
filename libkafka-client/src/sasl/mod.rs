//! Authentication: SaslHandshake, then as many SaslAuthenticate as the mechanism takes (KIP-43,
//! KIP-152), and the same again before the session ends (KIP-368).

mod oauth_bearer;
mod plain;
#[cfg(feature = "scram")]
mod scram;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::messages::{SaslAuthenticateRequest, SaslHandshakeRequest};
use libkafka_protocol::{ErrorCode, Versions};

use crate::connection::Connection;
use crate::{At, Broker, Deadline, Error};

pub use self::oauth_bearer::{OauthBearer, Token};
pub use self::plain::Plain;
#[cfg(feature = "scram")]
pub use self::scram::Scram;

/// A SASL mechanism: one of [`Plain`], `Scram` and [`OauthBearer`], or a caller's own.
pub trait SaslMechanism: Send + Sync {
    /// The name by which SASL knows it.
    fn name(&self) -> &str;

    /// Begins to authenticate with a broker, which has to be over by `deadline`: whatever takes
    /// its time, here and in the session's steps, is to keep to that.
    ///
    /// # Errors
    /// Whatever keeps it from that, such as a token that cannot be had.
    fn begin(&self, broker: &Broker, deadline: Deadline)
    -> Result<Box<dyn SaslSession>, SaslError>;
}

/// One authentication, step by step.
pub trait SaslSession: Send {
    /// Takes what the broker sent last, which is nothing at first, and gives what to send; none
    /// when it has come to its end and the broker has proven all that it has to.
    ///
    /// # Errors
    /// If what the broker sent is not what the mechanism asks for.
    fn step(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, SaslError>;
}

/// Why an authentication failed on this side.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaslError {
    /// The broker sent something that the mechanism does not know.
    #[error("the broker's message makes no sense: {0}")]
    Challenge(&'static str),
    /// The broker could not prove that it knows the password: it is not the broker that it
    /// claims to be.
    #[error("the broker's signature is wrong")]
    ServerSignature,
    /// The broker said why it refuses.
    #[error("refused: {0}")]
    Refused(String),
    /// The deadline passed; shows as [`Error::Timeout`].
    #[error("the deadline passed")]
    Timeout,
    /// A callback of the caller's failed.
    #[error("{0}")]
    Callback(#[source] Box<dyn StdError + Send + Sync>),
}

/// A mechanism within a configuration, of which nothing secret shows.
#[derive(Clone)]
pub(crate) struct Sasl(pub(crate) Arc<dyn SaslMechanism>);

impl fmt::Debug for Sasl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Connection {
    /// Authenticates and notes when to do so again.
    pub(crate) fn authenticate(
        &mut self,
        sasl: &Sasl,
        at: &At,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let mechanism = &*sasl.0;
        self.handshake(mechanism, at, deadline)?;
        let at = || Box::new(at.clone());
        let failed = |source| match source {
            SaslError::Timeout => Error::Timeout { at: at() },
            source => Error::Authenticate {
                at: at(),
                mechanism: mechanism.name().to_owned(),
                source,
            },
        };
        let mut session = mechanism.begin(&self.broker, deadline).map_err(failed)?;
        let mut challenge = Bytes::new();
        let mut lifetime = 0;
        while let Some(message) = session.step(&challenge).map_err(failed)? {
            let request = SaslAuthenticateRequest {
                auth_bytes: message.into(),
                ..Default::default()
            };
            let version = self.version::<SaslAuthenticateRequest>(Versions::ALL)?;
            let response = self.exchange(&request, version, deadline)?;
            if !response.error_code.is_ok() {
                let (code, message) = (response.error_code, response.error_message);
                return Err(Error::refusal(at(), code, message));
            }
            challenge = response.auth_bytes;
            lifetime = response.session_lifetime_ms;
        }
        let lifetime = u64::try_from(lifetime)
            .ok()
            .filter(|lifetime| *lifetime > 0);
        self.session_ends = lifetime.and_then(|lifetime| {
            // A little before its end, as clocks and networks are.
            let kept = Duration::from_millis(lifetime) * 17 / 20;
            Instant::now().checked_add(kept)
        });
        Ok(())
    }

    fn handshake(
        &mut self,
        mechanism: &dyn SaslMechanism,
        at: &At,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let at = || Box::new(at.clone());
        let request = SaslHandshakeRequest {
            mechanism: mechanism.name().to_owned(),
        };
        // After version 0 there would follow bare messages without headers.
        let version = self.version::<SaslHandshakeRequest>(Versions::new(1, i16::MAX))?;
        let response = self.exchange(&request, version, deadline)?;
        match response.error_code {
            ErrorCode::NONE => Ok(()),
            ErrorCode::UNSUPPORTED_SASL_MECHANISM => Err(Error::Mechanism {
                at: at(),
                mechanism: request.mechanism,
                broker: response.mechanisms,
            }),
            code => Err(Error::refusal(at(), code, None)),
        }
    }
}
