//! [`Error`]: why a broker cannot be started.

use std::io;
use std::net::SocketAddr;

/// An error of the embedded broker itself; what it answers to clients is no such error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A node could not listen.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it was to listen; port 0 is any.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
    /// The builder was asked for a cluster that cannot be.
    #[error("no such broker: {0}")]
    Settings(String),
}
