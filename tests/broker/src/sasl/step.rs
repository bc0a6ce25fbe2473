//! [`Step`]: what comes of a message of a client's.

use std::collections::BTreeMap;

/// Names of users, each with its password.
pub(crate) type Users = BTreeMap<String, String>;

/// What comes of a message of the client's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What to say.
    pub(crate) challenge: Vec<u8>,
    /// Who it is, once that is known.
    pub(crate) user: Option<String>,
}
