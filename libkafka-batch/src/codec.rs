//! What a codec must do, and the ready-made ones.

use std::io::{self, Write};

use crate::Compression;

#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "snappy")]
mod snappy;
#[cfg(any(feature = "zstd", feature = "zstd-c"))]
mod zstd;

#[cfg(feature = "gzip")]
pub use gzip::Gzip;
#[cfg(feature = "lz4")]
pub use lz4::Lz4;
#[cfg(feature = "snappy")]
pub use snappy::Snappy;
#[cfg(any(feature = "zstd", feature = "zstd-c"))]
pub use zstd::Zstd;

/// The ready-made codec for `compression`, where its feature is on.
pub(crate) fn ready_made(compression: Compression) -> Option<Box<dyn Decompressor + Send>> {
    match compression {
        #[cfg(feature = "gzip")]
        Compression::Gzip => Some(Box::new(Gzip::new())),
        #[cfg(feature = "snappy")]
        Compression::Snappy => Some(Box::new(Snappy::new())),
        #[cfg(feature = "lz4")]
        Compression::Lz4 => Some(Box::new(Lz4::new())),
        #[cfg(any(feature = "zstd", feature = "zstd-c"))]
        Compression::Zstd => Some(Box::new(Zstd::new())),
        _ => None,
    }
}

/// Packs the records of a batch. Give one to [`Builder::set_compressor`](crate::Builder::set_compressor).
///
/// The features of this crate have one for each of Kafka's codecs; implement it to bring another
/// library or a tuned one.
pub trait Compressor {
    /// The codec that readers will need.
    fn compression(&self) -> Compression;

    /// Appends the packed form of `input` to `output`. It is called for one batch after the
    /// other, so that contexts can be kept.
    ///
    /// # Errors
    /// Whatever keeps it from doing so.
    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()>;
}

/// Unpacks the records of a batch. Give one to [`Decoder::set_decompressor`](crate::Decoder::set_decompressor).
pub trait Decompressor {
    /// The codec that it reads.
    fn compression(&self) -> Compression;

    /// Writes the unpacked form of all of `input` to `output`, and hands on the errors of
    /// `output`, which refuses more than the limit.
    ///
    /// `magic` is the format of the batch: in magic 0 the header checksum of an LZ4 frame is not
    /// that of the LZ4 specification, and is not to be looked at.
    ///
    /// # Errors
    /// Whatever is wrong with `input`; bytes after its end too.
    fn decompress(&mut self, input: &[u8], magic: u8, output: &mut Output<'_>) -> io::Result<()>;
}

/// Where a [`Decompressor`] writes: memory that is used again and ends at the decoder's limit.
#[derive(Debug)]
pub struct Output<'a> {
    /// Initialised memory, of which the first `len` bytes have been written.
    buffer: &'a mut Vec<u8>,
    len: usize,
    limit: usize,
    exceeded: bool,
}

impl<'a> Output<'a> {
    /// What is asked for at first where nothing tells how much will come.
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
    /// Where that is more than the limit allows.
    pub fn spare(&mut self, len: usize) -> io::Result<&mut [u8]> {
        if len > self.limit - self.len {
            return Err(self.exceed());
        }
        Ok(self.grow(len))
    }

    /// Memory for some more bytes, at least one, where it is not known how many will come; which
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
    /// Where that passes the limit.
    ///
    /// # Panics
    /// Where there was not that much memory.
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

    /// Notes that the input holds more than the limit allows, and gives the error for it.
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

/// What codecs say of bytes that are not what they should be.
#[cfg(any(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    feature = "zstd",
    feature = "zstd-c"
))]
pub(crate) fn invalid(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
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
