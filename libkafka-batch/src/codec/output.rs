//! `Output`: where a decompressor writes, up to the decoder's limit.

use std::io::{self, Write};

/// Where a [`Decompressor`](crate::Decompressor) writes: memory that is used again and ends at the
/// decoder's limit.
#[derive(Debug)]
pub struct Output<'a> {
    /// Initialised memory, of which the first `len` bytes have been written.
    buffer: &'a mut Vec<u8>,
    len: usize,
    limit: usize,
    exceeded: bool,
}

impl<'a> Output<'a> {
    /// What is asked for at first if nothing says how much will come.
    const FIRST: usize = 16 * 1024;

    pub(crate) fn new(buffer: &'a mut Vec<u8>, limit: usize) -> Self {
        Self {
            buffer,
            len: 0,
            limit,
            exceeded: false,
        }
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The most bytes that may be written in all.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Memory for exactly `len` more bytes, which count as written only after
    /// [`advance`](Self::advance). Ask only for what the input can hold, not for what it claims:
    /// memory is taken for all of it.
    ///
    /// # Errors
    /// If that is more than the limit allows.
    pub fn spare(&mut self, len: usize) -> io::Result<&mut [u8]> {
        if len > self.limit - self.len {
            return Err(self.exceed());
        }
        Ok(self.grow(len))
    }

    /// Memory for some more bytes, at least one, if it is not known how many will come; which
    /// count as written only after [`advance`](Self::advance). It may reach one byte beyond the
    /// limit, so that the input has room to show that it goes on.
    pub fn room(&mut self) -> &mut [u8] {
        let most = self.limit.saturating_add(1) - self.len;
        let there = self.buffer.len() - self.len;
        let len = if there > 0 {
            there
        } else {
            self.len.max(Self::FIRST)
        };
        self.grow(len.min(most))
    }

    /// Counts `len` bytes of the memory of the last [`spare`](Self::spare) or
    /// [`room`](Self::room) as written.
    ///
    /// # Errors
    /// If that passes the limit.
    ///
    /// # Panics
    /// If there was not that much memory.
    pub fn advance(&mut self, len: usize) -> io::Result<()> {
        assert!(
            len <= self.buffer.len() - self.len,
            "advanced beyond the memory there was"
        );
        self.len += len;
        if self.len > self.limit {
            self.len = self.limit;
            return Err(self.exceed());
        }
        Ok(())
    }

    /// Notes that the input holds more than the limit allows, and returns the error for it.
    pub fn exceed(&mut self) -> io::Error {
        self.exceeded = true;
        io::Error::new(io::ErrorKind::OutOfMemory, "unpacks to more than the limit")
    }

    pub(crate) fn exceeded(&self) -> bool {
        self.exceeded
    }

    fn grow(&mut self, len: usize) -> &mut [u8] {
        let end = self.len + len;
        if end > self.buffer.len() {
            // Amortised, but not beyond the limit.
            let most = self.limit.saturating_add(1);
            let size = end.max(self.buffer.len().saturating_mul(2).min(most));
            self.buffer.reserve_exact(size - self.buffer.len());
            self.buffer.resize(size, 0);
        }
        &mut self.buffer[self.len..end]
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spare(bytes.len())?.copy_from_slice(bytes);
        self.advance(bytes.len())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_may_be_met_but_not_passed() {
        let mut buffer = Vec::new();
        let mut output = Output::new(&mut buffer, 10);
        output.write_all(b"12345").unwrap();
        assert_eq!(
            output.spare(6).unwrap_err().kind(),
            io::ErrorKind::OutOfMemory
        );
        assert_eq!(output.room().len(), 6);
        output.advance(5).unwrap();
        assert_eq!(output.room().len(), 1);
        assert!(output.advance(1).is_err() && output.exceeded());
        assert_eq!((output.len(), buffer.len()), (10, 11));
    }
}
