//! SASL: mechanisms, and how far a client has come with one.

mod mechanism;
mod plain;
mod progress;
mod scram;
mod step;

pub(crate) use mechanism::{MECHANISMS, Mechanism};
pub(crate) use progress::{Sasl, Session};
pub(crate) use step::Users;
