//! [`Routes`]: the port of the proxy for each broker.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

/// The most brokers that the proxy opens a port for.
pub const MAX_BROKERS: usize = 1_000;

/// A port that was opened, and the broker that it leads to.
pub(crate) type Opened = (TcpListener, String);

/// The port of the proxy for each broker, opened when the broker is first heard of.
pub(crate) struct Routes {
    ip: IpAddr,
    ports: Mutex<HashMap<String, u16>>,
    opened: UnboundedSender<Opened>,
}

impl Routes {
    /// No ports, on this address of the machine. Those that are opened go to `opened`, to be
    /// served.
    pub(crate) fn new(ip: IpAddr, opened: UnboundedSender<Opened>) -> Self {
        let ports = Mutex::default();
        Self { ip, ports, opened }
    }

    /// The address that clients are told.
    pub(crate) fn host(&self) -> String {
        self.ip.to_string()
    }

    /// The port for the broker at this address; `wanted` if it is free and this is the first time,
    /// or any if it is 0.
    pub(crate) fn port_to(&self, broker: &str, wanted: u16) -> io::Result<u16> {
        let mut ports = self.ports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(port) = ports.get(broker) {
            return Ok(*port);
        }
        if ports.len() >= MAX_BROKERS {
            return Err(io::Error::other(format!("more than {MAX_BROKERS} brokers")));
        }
        let listener = TcpListener::bind((self.ip, wanted))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        ports.insert(broker.to_owned(), port);
        log::info!("{}:{port} leads to {broker}", self.ip);
        let opened = self.opened.send((listener, broker.to_owned()));
        opened.map_err(|_| io::Error::other("the proxy ends"))?;
        Ok(port)
    }
}
