//! `Output`: what a decompressor writes to, up to the decoder's limit.

use std::io::{self, Write};

/// What a [`Decompressor`](crate::Decompressor) writes to: reused memory that ends at the decoder's
/// limit.
#[derive(Debug)]
pub struct Output<'a> {
    /// Initialised memory, whose first `len` bytes have been written.
    buffer: &'a mut Vec<u8>,
    len: usize,
    limit: usize,
    exceeded: bool,
}

impl<'a> Output<'a> {
    /// The first amount of memory if nothing says how much will be needed.
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

    /// The most bytes that may be written in total.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Returns memory for exactly `len` more bytes, which count as written only after
    /// [`advance`](Self::advance). All of it is allocated, so ask for what the input can contain,
    /// not for what it claims to contain.
    ///
    /// # Errors
    /// If that exceeds the limit.
    pub fn spare(&mut self, len: usize) -> io::Result<&mut [u8]> {
        if len > self.limit - self.len {
            return Err(self.exceed());
        }
        Ok(self.grow(len))
    }

    /// Returns memory for at least one more byte, for when the total is not known. The bytes count
    /// as written only after [`advance`](Self::advance). The memory may reach one byte beyond the
    /// limit, so that the codec can tell whether the input goes on.
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

    /// Counts `len` bytes of the memory from the last [`spare`](Self::spare) or
    /// [`room`](Self::room) as written.
    ///
    /// # Errors
    /// If that exceeds the limit.
    ///
    /// # Panics
    /// If `len` is greater than that memory.
    pub fn advance(&mut self, len: usize) -> io::Result<()> {
        assert!(
            len <= self.buffer.len() - self.len,
            "advanced by more than the memory that `spare` or `room` returned"
        );
        self.len += len;
        if self.len > self.limit {
            self.len = self.limit;
            return Err(self.exceed());
        }
        Ok(())
    }

    /// Records that the input contains more than the limit allows, and returns the error for it.
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
