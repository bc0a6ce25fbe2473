//! SASL: the mechanisms, and a client's progress with one.

mod hash;
mod mechanism;
mod oauth_bearer;
mod plain;
mod progress;
mod scram;
mod step;
mod users;

pub(crate) use hash::{Hash, ITERATIONS};
pub(crate) use mechanism::{MECHANISMS, Mechanism};
pub(crate) use progress::{Sasl, Session};
pub(crate) use users::{ScramCredential, Users};
