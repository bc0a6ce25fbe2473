//! `SaslMechanism` and `SaslSession`: what it takes to bring a mechanism.

use std::fmt;
use std::sync::Arc;

use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// A SASL mechanism: one of [`Plain`](crate::Plain), `Scram` and [`OauthBearer`](crate::OauthBearer), or a caller's own.
pub trait SaslMechanism: Send + Sync {
    /// The name by which SASL knows it.
    fn name(&self) -> &str;

    /// Begins to authenticate with a broker, which has to be over by `deadline`. Whatever takes
    /// its time here is to keep to that, and to as little as possible: a thread that waits for
    /// several brokers at once waits for this too.
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
    /// What takes its time is to give way at `deadline`, or after a few milliseconds if that is
    /// past already, by [`SaslError::Timeout`]. Then it is called again with the same challenge,
    /// unless the time for the authentication is over.
    ///
    /// # Errors
    /// If what the broker sent is not what the mechanism asks for.
    fn step(&mut self, challenge: &[u8], deadline: Deadline) -> Result<Option<Vec<u8>>, SaslError>;
}

/// A mechanism within a configuration, of which nothing secret shows.
#[derive(Clone)]
pub(crate) struct Sasl(pub(crate) Arc<dyn SaslMechanism>);

impl fmt::Debug for Sasl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
