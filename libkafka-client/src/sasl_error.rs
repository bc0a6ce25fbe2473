//! `SaslError`: why authentication failed on this side.

use std::error::Error as StdError;
use std::fmt;

use crate::escaped::Escaped;

/// Why authentication failed on this side.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SaslError {
    /// The broker sent something that the mechanism does not understand.
    #[error("the broker's message makes no sense: {0}")]
    Challenge(&'static str),
    /// The broker could not prove that it knows the password: it is not the broker that it claims
    /// to be.
    #[error("the broker's signature is wrong")]
    ServerSignature,
    /// The broker refused, with this message.
    #[error("refused: {}", Escaped(.0))]
    Refused(String),
    /// The deadline passed. If a step returns this and can continue when it is called again, it is
    /// not an error unless the time for the whole authentication is over; then it becomes
    /// [`Error::Timeout`](crate::Error::Timeout).
    #[error("the deadline passed")]
    Timeout,
    /// A callback of the caller failed.
    #[error(transparent)]
    Callback(Box<dyn StdError + Send + Sync>),
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for SaslError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
