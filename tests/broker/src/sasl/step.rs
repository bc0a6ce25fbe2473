//! [`Step`]: what comes of a message of a client's.

/// What comes of a message of the client's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What to say.
    pub(crate) challenge: Vec<u8>,
    /// Who it is, once that is known.
    pub(crate) user: Option<String>,
    /// Until when what it has shown is good, in milliseconds since 1970; `None` for ever.
    pub(crate) expires_ms: Option<i64>,
}
