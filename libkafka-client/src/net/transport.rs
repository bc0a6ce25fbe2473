//! `Transport` and `Connector`: what carries bytes to a broker, and how to provide your own.

use std::io::{self, IoSlice};

use super::interest::{Interest, Readiness};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::place::Phase;
use crate::timings::Timings;

/// A connected stream of bytes.
///
/// Implemented in this crate for TCP and TLS. A caller may provide another through a [`Connector`]:
/// a proxy, or an in-memory pipe.
///
/// A deadline that has already passed when a method is called, such as [`Deadline::now`], means: do
/// what can be done without waiting. If nothing can be done, or a later deadline passes, the method
/// fails with [`io::ErrorKind::TimedOut`] or [`io::ErrorKind::WouldBlock`]. Nothing is lost then,
/// and the same call can be made again.
pub trait Transport: Send {
    /// Writes some bytes from the start of `parts` and returns how many. Waits until `deadline` for
    /// room for at least one.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] once the deadline has passed, and any error that ends the
    /// stream.
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize>;

    /// Reads some bytes into `buffer`, which is not empty, and returns how many; 0 at the end of
    /// the stream. Waits until `deadline` for the first byte.
    ///
    /// # Errors
    /// The errors of [`write`](Self::write).
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize>;

    /// Sends what [`write`](Self::write) has accepted and kept, such as bytes that were encrypted
    /// but not sent for lack of room. The default does nothing, which suits a transport that keeps
    /// nothing.
    ///
    /// # Errors
    /// The errors of [`write`](Self::write).
    fn flush(&mut self, deadline: Deadline) -> io::Result<()> {
        let _ = deadline;
        Ok(())
    }

    /// How to wait until the stream can be read or written. Default: [`Readiness::Unknown`], with
    /// which a caller that waits for several brokers tries every few milliseconds.
    fn readiness(&self) -> Readiness<'_> {
        Readiness::Unknown
    }

    /// Whether the stream can still be used, as far as can be told without waiting. It is called
    /// before a request is sent after a pause, when there should be nothing to read: return false
    /// at the end of the stream, or if a byte has arrived.
    fn is_usable(&mut self) -> bool {
        true
    }
}

/// Makes connections.
pub trait Connector: Send + Sync {
    /// Connects to `address` by `deadline` and notes the time it took in `timings`.
    ///
    /// # Errors
    /// The reason that prevented it, and the phase.
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError>;

    /// Begins to connect to `address`, which must be done by `deadline`, for a caller that waits
    /// for several brokers at once.
    ///
    /// The default returns `None`. Then [`connect`](Self::connect) is called for at most 100 ms at
    /// a time, with a pause after each failure, and other brokers have to wait meanwhile. A broker
    /// that takes longer than that to connect to cannot be reached that way.
    fn begin(&self, address: &Address, deadline: Deadline) -> Option<Box<dyn Connecting>> {
        let _ = (address, deadline);
        None
    }
}

/// A connection that is being made, as returned by [`Connector::begin`].
pub trait Connecting: Send {
    /// Continues, waiting until `deadline` at most, and notes the time it took in `timings`.
    /// Returns `None` if that was not enough: then it is called again once its
    /// [`interest`](Self::interest) is satisfied.
    ///
    /// # Errors
    /// The reason that prevented the connection, and the phase.
    fn advance(
        &mut self,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Option<Box<dyn Transport>>, ConnectError>;

    /// What must happen before it can continue.
    fn interest(&self) -> Interest<'_>;
}

/// The reason why a [`Connector`] did not connect.
#[derive(Debug, thiserror::Error)]
#[error("{phase} failed")]
pub struct ConnectError {
    /// The phase in which it failed.
    pub phase: Phase,
    /// The error; of the kind [`io::ErrorKind::TimedOut`] if the deadline passed.
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

/// Whether an error only says that the deadline passed, so the same call can be made again.
pub(crate) fn is_not_ready(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}
