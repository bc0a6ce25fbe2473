//! `Plain`: the mechanism PLAIN, which sends name and password as they are (RFC 4616).

use std::fmt;

use super::mechanism::{SaslMechanism, SaslSession};
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// The mechanism PLAIN. It sends the password unencrypted, so use it over TLS.
#[derive(Clone)]
pub struct Plain {
    user: String,
    password: String,
}

impl Plain {
    /// Authenticates as this user.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
        }
    }
}

impl SaslMechanism for Plain {
    fn name(&self) -> &str {
        "PLAIN"
    }

    fn begin(&self, _: &Broker, _: Deadline) -> Result<Box<dyn SaslSession>, SaslError> {
        let message = format!("\0{}\0{}", self.user, self.password).into_bytes();
        Ok(Box::new(Session(Some(message))))
    }
}

struct Session(Option<Vec<u8>>);

impl SaslSession for Session {
    fn step(&mut self, _: &[u8], _: Deadline) -> Result<Option<Vec<u8>>, SaslError> {
        Ok(self.0.take())
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
