//! What carries bytes to a broker, and the trait to bring one's own.

use std::io::{self, IoSlice};

use crate::address::Address;
use crate::deadline::Deadline;
use crate::place::Phase;
use crate::timings::Timings;

/// A connected stream of bytes.
///
/// Implemented here for TCP and TLS; a caller may bring another by a [`Connector`]: a proxy, an
/// in-memory pipe.
pub trait Transport: Send {
    /// Writes some bytes from the start of `parts` and returns how many; waits until `deadline`
    /// for room for one.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] once the deadline is past; whatever else ends the stream.
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize>;

    /// Reads some bytes into `buffer`, which is not empty, and returns how many; 0 at the end of
    /// the stream. Waits until `deadline` for the first.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize>;

    /// Whether the stream can still be used, as far as can be told without waiting. Asked before
    /// a request is sent after a pause, when nothing is to be read: an end of the stream, or a
    /// byte that nobody asked for, says no.
    fn is_usable(&mut self) -> bool {
        true
    }
}

/// Makes connections.
pub trait Connector: Send + Sync {
    /// Connects to `address` by `deadline` and notes what time it took in `timings`.
    ///
    /// # Errors
    /// Whatever prevented it, and in which phase.
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError>;
}

/// Why a [`Connector`] did not connect.
#[derive(Debug, thiserror::Error)]
#[error("{phase}: {source}")]
pub struct ConnectError {
    /// What it was doing.
    pub phase: Phase,
    /// What went wrong; of the kind [`io::ErrorKind::TimedOut`] if the deadline passed.
    pub source: io::Error,
}

impl From<io::Error> for ConnectError {
    fn from(source: io::Error) -> Self {
        Self {
            phase: Phase::Connect,
            source,
        }
    }
}
