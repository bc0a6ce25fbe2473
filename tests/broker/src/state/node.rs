//! The nodes of the cluster.

use std::net::SocketAddr;

/// A broker of the cluster.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: i32,
    pub(crate) rack: Option<String>,
    /// Its listeners, in the order in which every node has them.
    pub(crate) listeners: Vec<SocketAddr>,
    /// The name that clients are told instead of its address.
    pub(crate) host: Option<String>,
    pub(crate) running: bool,
    /// How often it has been stopped. A connection of a former life is over.
    pub(crate) incarnation: u64,
}

/// Where clients of one listener find a node.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: i32,
}

impl Node {
    /// Where clients of listener number `listener` find it.
    pub(crate) fn address(&self, listener: usize) -> Address {
        let address = self.listeners.get(listener).or(self.listeners.first());
        let ip = || address.map_or_else(String::new, |address| address.ip().to_string());
        Address {
            host: self.host.clone().unwrap_or_else(ip),
            port: address.map_or(-1, |address| i32::from(address.port())),
        }
    }
}
