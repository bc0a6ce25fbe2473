//! `Transport` and `Connector`: what carries bytes to a broker, and how to bring one's own.

use std::io::{self, IoSlice};

use super::interest::{Interest, Readiness};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::place::Phase;
use crate::timings::Timings;

/// A connected stream of bytes.
///
/// Implemented here for TCP and TLS; a caller may bring another by a [`Connector`]: a proxy, an
/// in-memory pipe.
///
/// A deadline that is past when a method is called, such as [`Deadline::now`], asks for what can
/// be done without waiting. Where that is nothing, and where a later deadline passes, the method
/// fails with [`io::ErrorKind::TimedOut`] or [`io::ErrorKind::WouldBlock`]; nothing is lost by
/// that, and the same call may be made again.
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

    /// Sends what [`write`](Self::write) has taken and kept, such as bytes that were encrypted
    /// and not sent for want of room. Does nothing by default, as for a transport that keeps none.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    fn flush(&mut self, deadline: Deadline) -> io::Result<()> {
        let _ = deadline;
        Ok(())
    }

    /// How to wait until the stream can be read or written. [`Readiness::Unknown`] by default:
    /// whoever waits for several brokers at once tries every few milliseconds.
    fn readiness(&self) -> Readiness<'_> {
        Readiness::Unknown
    }

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

    /// Begins to connect to `address`, which has to be over by `deadline`, for whoever waits for
    /// several brokers at once.
    ///
    /// None by default: then [`connect`](Self::connect) is called for at most 100 ms at a time,
    /// with a pause after each failure, and other brokers have to wait meanwhile. Whoever is
    /// farther away than that cannot be reached so.
    fn begin(&self, address: &Address, deadline: Deadline) -> Option<Box<dyn Connecting>> {
        let _ = (address, deadline);
        None
    }
}

/// A connection on the way, as [`Connector::begin`] gives it.
pub trait Connecting: Send {
    /// Goes on, waiting until `deadline` at most, and notes what time it took in `timings`. None
    /// if that was not enough: then it is called again once its [`interest`](Self::interest) is
    /// satisfied.
    ///
    /// # Errors
    /// Whatever prevented the connection, and in which phase.
    fn advance(
        &mut self,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Option<Box<dyn Transport>>, ConnectError>;

    /// What has to happen before it can go on.
    fn interest(&self) -> Interest<'_>;
}

/// Why a [`Connector`] did not connect.
#[derive(Debug, thiserror::Error)]
#[error("{phase} failed")]
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

/// Whether an error only says that the deadline passed, and the same call may be made again.
pub(crate) fn is_not_ready(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}
