//! [`Error`]: why a broker cannot be started.

use std::io;
use std::net::SocketAddr;

/// An error of the embedded broker itself, as opposed to the errors that it returns to clients.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A node could not listen.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address to listen on; port 0 means any.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
    /// The builder's settings contradict each other.
    #[error("invalid settings: {0}")]
    Settings(String),
}
