//! [`Node`]: a node of the cluster.

use std::net::SocketAddr;

/// A broker of the cluster.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: i32,
    pub(crate) rack: Option<String>,
    /// The addresses of its listeners, in the order that every node has.
    pub(crate) listeners: Vec<SocketAddr>,
    /// The host that clients are told instead of its address.
    pub(crate) host: Option<String>,
    pub(crate) running: bool,
    /// How often it has been stopped. A connection from before the last stop is over.
    pub(crate) incarnation: u64,
}

/// The address of a node for clients of one listener.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: i32,
}

impl Node {
    /// Its address for clients of listener number `listener`.
    pub(crate) fn address(&self, listener: usize) -> Address {
        let address = self.listeners.get(listener).or(self.listeners.first());
        let ip = || address.map_or_else(String::new, |address| address.ip().to_string());
        Address {
            host: self.host.clone().unwrap_or_else(ip),
            port: address.map_or(-1, |address| i32::from(address.port())),
        }
    }
}
