//! `Broker`: a broker of the cluster.

use std::fmt;

use crate::address::Address;

/// A broker, as far as the client knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Broker {
    /// The id of the broker; `None` for a bootstrap address whose broker is not known yet.
    pub id: Option<i32>,
    /// The address on which the broker listens.
    pub address: Address,
    /// The rack, if the broker has one (`broker.rack`).
    pub rack: Option<String>,
}

impl fmt::Display for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "broker {id} ({})", self.address),
            None => write!(f, "broker {}", self.address),
        }
    }
}
