//! [`Sasl`]: the authentication state of a connection. [`Session`]: how long it lasts.

use super::mechanism::Mechanism;
use crate::clock::Time;

/// The authentication state of a connection.
#[derive(Debug)]
pub(crate) enum Sasl {
    /// The listener does not require authentication.
    NotAsked,
    /// Nothing has been sent yet.
    Awaited,
    /// A mechanism has been agreed on.
    Exchange(Mechanism),
    /// Like [`Exchange`](Self::Exchange), but its messages arrive without a request around them, as
    /// after SaslHandshake version 0.
    Raw(Mechanism),
    /// The user has been authenticated.
    Done,
}

/// How long an authenticated user need not authenticate again (KIP-368).
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) mechanism: &'static str,
    /// When it last began to renew it.
    pub(crate) renewal: Option<Time>,
    pub(crate) ends: Time,
}

/// The shortest time between two renewals.
const RENEWAL_INTERVAL: Time = Time::from_secs(1);

impl Session {
    /// Whether the user may authenticate again by now.
    pub(crate) fn may_be_renewed(&self, now: Time) -> bool {
        let last = self.renewal.map(|last| last + RENEWAL_INTERVAL);
        last.is_none_or(|earliest| now >= earliest)
    }
}
