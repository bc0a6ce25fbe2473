//! `SaslMechanism` and `SaslSession`: the traits for a mechanism of your own.

use std::fmt;
use std::sync::Arc;

use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// A SASL mechanism: [`Plain`](crate::Plain), `Scram`, [`OauthBearer`](crate::OauthBearer), or one
/// of your own.
pub trait SaslMechanism: Send + Sync {
    /// The name of the mechanism in SASL.
    fn name(&self) -> &str;

    /// Begins to authenticate with a broker, which must be done by `deadline`. Anything slow here
    /// must respect the deadline and be as short as possible: a thread that waits for several
    /// brokers at once waits for this too.
    ///
    /// # Errors
    /// Anything that prevents it, such as a token that cannot be obtained.
    fn begin(&self, broker: &Broker, deadline: Deadline)
    -> Result<Box<dyn SaslSession>, SaslError>;
}

/// One authentication, step by step.
pub trait SaslSession: Send {
    /// Takes what the broker sent last, which is empty at first, and returns what to send; `None`
    /// when the authentication is complete and the broker has proven everything that it must.
    ///
    /// A step that takes time must return [`SaslError::Timeout`] at `deadline`, or after a few
    /// milliseconds if that has passed already. Then it is called again with the same challenge,
    /// unless the time for the whole authentication is over.
    ///
    /// # Errors
    /// If what the broker sent does not fit the mechanism.
    fn step(&mut self, challenge: &[u8], deadline: Deadline) -> Result<Option<Vec<u8>>, SaslError>;
}

/// A mechanism within a configuration, which displays nothing secret.
#[derive(Clone)]
pub(crate) struct Sasl(pub(crate) Arc<dyn SaslMechanism>);

impl fmt::Debug for Sasl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
