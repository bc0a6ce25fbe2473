//! `SaslError`: why an authentication failed on this side.

use std::error::Error as StdError;
use std::fmt;

use crate::escaped::Escaped;

/// Why an authentication failed on this side.
#[derive(thiserror::Error)]
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
    #[error("refused: {}", Escaped(.0))]
    Refused(String),
    /// The deadline passed. From a step that can go on when it is called again, that is no error
    /// unless the time for the whole authentication is over; then it shows as [`Error::Timeout`](crate::Error::Timeout).
    #[error("the deadline passed")]
    Timeout,
    /// A callback of the caller's failed.
    #[error(transparent)]
    Callback(Box<dyn StdError + Send + Sync>),
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for SaslError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
