//! [`Sasl`]: how far a connection has come. [`Session`]: how long that lasts.

use super::mechanism::Mechanism;
use crate::clock::Time;

/// How far a connection has come.
#[derive(Debug)]
pub(crate) enum Sasl {
    /// The listener does not ask.
    NotAsked,
    /// Nothing has been said yet.
    Awaited,
    /// A mechanism has been agreed upon.
    Exchange(Mechanism),
    /// As [`Exchange`](Self::Exchange), but its messages come without a request around them: what
    /// SaslHandshake version 0 leads to.
    Raw(Mechanism),
    /// The user has proven who it is.
    Done,
}

/// For how long a user that has proven who it is need not do so again (KIP-368).
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) mechanism: &'static str,
    /// When it was begun to renew it last.
    pub(crate) renewal: Option<Time>,
    pub(crate) ends: Time,
}

/// It cannot be renewed more often than that.
const RENEWAL_INTERVAL: Time = Time::from_secs(1);

impl Session {
    /// May the user prove again by now who it is?
    pub(crate) fn may_be_renewed(&self, now: Time) -> bool {
        let last = self.renewal.map(|last| last + RENEWAL_INTERVAL);
        last.is_none_or(|earliest| now >= earliest)
    }
}
