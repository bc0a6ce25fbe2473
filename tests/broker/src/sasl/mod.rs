//! Who a client is.

mod mechanism;
mod plain;
mod progress;
mod scram;
mod step;

pub(crate) use mechanism::{MECHANISMS, Mechanism};
pub(crate) use progress::{Sasl, Session};
pub(crate) use step::Users;
