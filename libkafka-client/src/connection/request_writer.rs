//! `Unwritten`: a request that is partly written, because the broker does not accept all of it at
//! once.

use std::io::{self, IoSlice};
use std::time::Instant;

use bytes::{Buf, Bytes};
use libkafka_protocol::frame::Frame;
use smallvec::SmallVec;

use crate::deadline::Deadline;
use crate::exchange::Exchange;
use crate::net::{Transport, is_not_ready};

/// A request that is not completely written.
pub(super) struct Unwritten {
    pub(super) exchange: Exchange,
    /// What is left of its frame.
    pub(super) rest: Bytes,
    /// Whether it has a response.
    pub(super) answered: bool,
    pub(super) began: Instant,
}

impl Unwritten {
    /// Writes what is left.
    ///
    /// # Errors
    /// The errors of [`Transport::write`]. After the deadline has passed, it continues when it is
    /// called again.
    pub(super) fn write(
        &mut self,
        transport: &mut dyn Transport,
        deadline: Deadline,
    ) -> io::Result<()> {
        while !self.rest.is_empty() {
            match transport.write(&[IoSlice::new(&self.rest)], deadline)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => {
                    self.exchange.request_bytes += n;
                    self.rest.advance(n);
                }
            }
        }
        transport.flush(deadline)
    }
}

/// Writes a frame and counts the bytes in `exchange`. Returns false if there is more to write when
/// the deadline passes.
pub(super) fn write(
    transport: &mut dyn Transport,
    frame: &Frame<'_>,
    deadline: Deadline,
    exchange: &mut Exchange,
) -> io::Result<bool> {
    let mut parts: SmallVec<[IoSlice<'_>; 4]> = frame.parts().map(IoSlice::new).collect();
    let mut parts = &mut parts[..];
    let written = loop {
        if parts.is_empty() {
            break transport.flush(deadline);
        }
        match transport.write(parts, deadline) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                exchange.request_bytes += n;
                IoSlice::advance_slices(&mut parts, n);
            }
            Err(error) => break Err(error),
        }
    };
    match written {
        Ok(()) => Ok(true),
        Err(error) if is_not_ready(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The bytes of a frame that are not written yet.
pub(super) fn copy_rest(frame: &Frame<'_>, written: usize) -> Bytes {
    let mut rest = Vec::with_capacity(frame.len() - written);
    let mut skip = written;
    for part in frame.parts() {
        let skipped = skip.min(part.len());
        rest.extend_from_slice(&part[skipped..]);
        skip -= skipped;
    }
    rest.into()
}
