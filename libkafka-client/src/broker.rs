//! `Broker`: a broker as the client knows it.

use std::fmt;

use crate::address::Address;

/// A broker as the client knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Broker {
    /// Its id; none of a bootstrap address of which the id was not learnt yet.
    pub id: Option<i32>,
    /// Where it listens.
    pub address: Address,
    /// Its rack, if it has one (`broker.rack`).
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
