//! `ResponseReader`: splits the stream from a broker into response frames.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use libkafka_protocol::frame::LENGTH_SIZE;

use crate::deadline::Deadline;
use crate::net::Transport;

/// The first buffer of a connection: large enough for most responses without records.
const SMALL: usize = 8 * 1024;
/// A claimed length up to this is trusted; beyond it, memory grows with the bytes that arrive.
const TRUSTED: usize = 1024 * 1024;
/// How much is read at once while other responses are to follow: bytes read beyond a frame must be
/// copied to the next buffer.
const READ_AHEAD: usize = 4096;
/// A buffer larger than this is kept only if at least a quarter of it was needed.
const LARGE: usize = 4 * 1024 * 1024;
/// A frame up to this size is copied out of a buffer that is much too large for it, so that holding
/// the frame does not hold the buffer.
const COPIED: usize = 4096;
/// The number of consecutive frames that were much too small for their buffer, after which a reader
/// gives up its buffers and starts again with a small one.
const UNNEEDED: u32 = 8;
/// The number of buffers kept for the next responses: the caller has one while the other is being
/// filled.
const KEPT: usize = 2;

/// Reads frames from a transport, each into a buffer that becomes a [`Bytes`].
///
/// When the last slice of a response is dropped, its buffer comes back here. Buffers stay
/// initialised over their whole length, so that none is ever cleared for a read.
pub(super) struct ResponseReader {
    buffer: Vec<u8>,
    filled: usize,
    home: Arc<Home>,
    /// The size of the longest frame so far, in bytes: that much has been needed before.
    longest: usize,
    /// The number of consecutive frames that were much too small for the buffer.
    unneeded: u32,
}

/// Why there is no frame.
pub(super) enum ReadError {
    Io(io::Error),
    /// The stream ended, within a frame or before it.
    Closed,
    /// The length field is negative or above the limit.
    Length(i32),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl ResponseReader {
    pub(super) fn new() -> Self {
        Self {
            buffer: Vec::new(),
            filled: 0,
            home: Arc::default(),
            longest: 0,
            unneeded: 0,
        }
    }

    /// Whether everything that has been read is part of a frame that was returned.
    pub(super) fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Whether [`read`](Self::read) need not wait.
    pub(super) fn has_frame(&self) -> bool {
        self.filled >= LENGTH_SIZE
            && usize::try_from(self.length())
                .map_or(true, |length| self.filled - LENGTH_SIZE >= length)
    }

    /// The next frame, without its length field. If the deadline passes first, what has been read
    /// of it is kept, and the next call continues. `last` says that no other response follows;
    /// `limit` is the maximum size of a frame, in bytes.
    pub(super) fn read(
        &mut self,
        transport: &mut dyn Transport,
        limit: usize,
        last: bool,
        deadline: Deadline,
    ) -> Result<Bytes, ReadError> {
        if self.buffer.is_empty() {
            self.buffer = self.home.take();
        }
        while self.filled < LENGTH_SIZE {
            let end = if last {
                self.buffer.len()
            } else {
                READ_AHEAD.min(self.buffer.len())
            };
            self.fill(transport, end, deadline)?;
        }
        let length = self.length();
        let size = match usize::try_from(length) {
            Ok(size) if size <= limit => size + LENGTH_SIZE,
            _ => return Err(ReadError::Length(length)),
        };
        while self.filled < size {
            if self.buffer.len() < size {
                self.grow(size);
            }
            let end = size.min(self.buffer.len());
            if self.filled < end {
                self.fill(transport, end, deadline)?;
            }
        }
        self.longest = self.longest.max(size);
        Ok(self.split(size))
    }

    fn fill(
        &mut self,
        transport: &mut dyn Transport,
        end: usize,
        deadline: Deadline,
    ) -> Result<(), ReadError> {
        match transport.read(&mut self.buffer[self.filled..end], deadline)? {
            0 => Err(ReadError::Closed),
            n => {
                self.filled += n;
                Ok(())
            }
        }
    }

    fn length(&self) -> i32 {
        let mut length = [0; LENGTH_SIZE];
        length.copy_from_slice(&self.buffer[..LENGTH_SIZE]);
        i32::from_be_bytes(length)
    }

    /// Makes room for a frame of `size` bytes, as far as that is justified.
    fn grow(&mut self, size: usize) {
        let justified = TRUSTED.max(self.longest).max(2 * self.filled);
        let size = size.min(justified);
        // Frames of one kind vary a little in size.
        let len = (size + size / 8).next_multiple_of(4096);
        let mut buffer = vec![0; len.max(self.buffer.len())];
        buffer[..self.filled].copy_from_slice(&self.buffer[..self.filled]);
        self.buffer = buffer;
    }

    /// Returns the first `size` bytes as a frame and keeps what was read beyond them.
    fn split(&mut self, size: usize) -> Bytes {
        let fits = self.buffer.len() <= SMALL || size > self.buffer.len() / 4;
        self.unneeded = if fits { 0 } else { self.unneeded + 1 };
        if self.unneeded >= UNNEEDED {
            return self.shrink(size);
        }
        if !fits && size <= COPIED {
            let frame = Bytes::copy_from_slice(&self.buffer[LENGTH_SIZE..size]);
            self.buffer.copy_within(size..self.filled, 0);
            self.filled -= size;
            return frame;
        }
        let next = match self.filled > size {
            true => self.home.take(),
            false => Vec::new(),
        };
        let loan = Loan {
            buffer: self.replace_buffer(size, next),
            used: size,
            home: Arc::clone(&self.home),
        };
        Bytes::from_owner(loan).slice(LENGTH_SIZE..size)
    }

    /// Returns the first `size` bytes, without getting the buffer back.
    fn shrink(&mut self, size: usize) -> Bytes {
        self.home = Arc::default();
        self.unneeded = 0;
        self.longest = size;
        let next = match self.filled > size {
            true => vec![0; SMALL],
            false => Vec::new(),
        };
        let mut buffer = self.replace_buffer(size, next);
        buffer.truncate(size);
        buffer.shrink_to_fit();
        Bytes::from(buffer).slice(LENGTH_SIZE..)
    }

    /// Replaces the buffer with `next`, including what was read beyond the first `size` bytes.
    fn replace_buffer(&mut self, size: usize, mut next: Vec<u8>) -> Vec<u8> {
        let beyond = &self.buffer[size..self.filled];
        if next.len() < beyond.len() {
            next.resize(beyond.len().next_multiple_of(4096), 0);
        }
        next[..beyond.len()].copy_from_slice(beyond);
        self.filled = beyond.len();
        std::mem::replace(&mut self.buffer, next)
    }
}

/// The place that buffers come back to.
#[derive(Default)]
struct Home(Mutex<Vec<Vec<u8>>>);

impl Home {
    fn take(&self) -> Vec<u8> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pop().unwrap_or_else(|| vec![0; SMALL])
    }

    fn put(&self, buffer: Vec<u8>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(buffer);
        }
    }
}

/// A buffer that is lent out as a response.
struct Loan {
    buffer: Vec<u8>,
    used: usize,
    home: Arc<Home>,
}

impl AsRef<[u8]> for Loan {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if self.buffer.len() <= LARGE || self.used >= self.buffer.len() / 4 {
            self.home.put(std::mem::take(&mut self.buffer));
        }
    }
}

#[cfg(test)]
mod tests;
