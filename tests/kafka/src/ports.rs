//! Ports for the listeners of a cluster.

use std::net::{Ipv4Addr, TcpListener};
use std::process;

use crate::error::Error;

/// Below the range that Linux hands out to outgoing connections (32768 and up), so that no client
/// sits on a port while its broker restarts.
const FIRST: u16 = 20_000;
const BLOCKS: u16 = 200;
/// Ten for each of five brokers.
const BLOCK: u16 = 50;

/// A block of ports that is nobody else's for as long as this lives.
///
/// The claim is a listener on the block's last port. The kernel drops it with the process, so no
/// stale claim is ever left behind.
pub(crate) struct Ports {
    claim: TcpListener,
}

impl Ports {
    pub(crate) fn claim() -> Result<Ports, Error> {
        // Processes that start together begin at different blocks.
        let start = (process::id() % u32::from(BLOCKS)) as u16;
        (0..BLOCKS)
            .map(|i| FIRST + (start + i) % BLOCKS * BLOCK)
            .find_map(|base| {
                let claim = bind(base + BLOCK - 1)?;
                let free = (base..base + BLOCK - 1).all(|port| bind(port).is_some());
                free.then_some(Ports { claim })
            })
            .ok_or_else(|| Error::Ports(format!("{FIRST} to {}", FIRST + BLOCKS * BLOCK)))
    }

    /// The port number `offset` (0 to 9) of broker `id` (1 to 5).
    pub(crate) fn port(&self, id: i32, offset: u16) -> u16 {
        let last = self.claim.local_addr().map_or(0, |address| address.port());
        last + 1 - BLOCK + 10 * (id as u16 - 1) + offset
    }
}

fn bind(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}
