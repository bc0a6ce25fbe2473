//! `Unwritten`: a request that is partly written, because the broker does not accept all of it at
//! once.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf, Bytes};
use libkafka_protocol::frame::Frame;
use smallvec::SmallVec;

use crate::deadline::Deadline;
use crate::exchange::Exchange;
use crate::net::{Transport, is_not_ready};

/// How many parts of what is left of a request are written at once.
const PARTS: usize = 64;

/// A request that is not completely written.
pub(super) struct Unwritten {
    pub(super) exchange: Exchange,
    /// What is left of its frame.
    pub(super) rest: VecDeque<Bytes>,
    /// Whether it has a response.
    pub(super) answered: bool,
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
            let written = {
                let parts = self.rest.iter().take(PARTS);
                let parts: SmallVec<[_; PARTS]> = parts.map(|part| IoSlice::new(part)).collect();
                transport.write(&parts, deadline)?
            };
            match written {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => self.advance(n),
            }
        }
        transport.flush(deadline)
    }

    fn advance(&mut self, mut written: usize) {
        self.exchange.request_bytes += written;
        while let Some(part) = self.rest.front_mut() {
            if written < part.len() {
                part.advance(written);
                return;
            }
            written -= part.len();
            self.rest.pop_front();
        }
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
