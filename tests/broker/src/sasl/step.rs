//! [`Step`]: the result of a client's message.

/// The result of a client's message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What to send back.
    pub(crate) challenge: Vec<u8>,
    /// The user, once that is known.
    pub(crate) user: Option<String>,
    /// When the credentials expire, in milliseconds since 1970; `None` for never.
    pub(crate) expires_ms: Option<i64>,
}
