//! What a codec must do, and the ready-made ones.

use std::io::{self, Read, Write};

use crate::Compression;

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

    /// Bytes that may still be written.
    pub fn remaining(&self) -> usize {
        self.limit - self.len
    }

    /// The bytes written so far.
    pub fn written(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    /// Memory for exactly `len` more bytes, which count as written only after
    /// [`advance`](Self::advance). Ask only for what the input is known to hold, not for what it
    /// claims: memory is taken for all of it.
    ///
    /// # Errors
    /// Where that is more than the limit allows.
    pub fn spare(&mut self, len: usize) -> io::Result<&mut [u8]> {
        if len > self.remaining() {
            return Err(self.exceed());
        }
        let end = self.len + len;
        if end > self.buffer.len() {
            // Amortised, but never beyond the limit.
            let room = end.max(self.buffer.len().saturating_mul(2)).min(self.limit);
            self.buffer.reserve_exact(room - self.buffer.len());
            self.buffer.resize(room, 0);
        }
        Ok(&mut self.buffer[self.len..end])
    }

    /// Counts `len` bytes of the memory of the last [`spare`](Self::spare) as written.
    ///
    /// # Panics
    /// Where there was not that much memory.
    pub fn advance(&mut self, len: usize) {
        assert!(
            len <= self.buffer.len() - self.len,
            "advanced beyond the memory there was"
        );
        self.len += len;
    }

    /// Writes all that `reader` gives.
    ///
    /// # Errors
    /// Those of `reader`, and where it gives more than the limit allows.
    pub fn read_from(&mut self, mut reader: impl Read) -> io::Result<()> {
        loop {
            if self.remaining() == 0 {
                // One more byte decides whether the limit was met or passed.
                return match read(&mut reader, &mut [0])? {
                    0 => Ok(()),
                    _ => Err(self.exceed()),
                };
            }
            // What is there already is used up before more is asked for.
            let there = self.buffer.len().min(self.limit) - self.len;
            let room = if there > 0 {
                there
            } else {
                self.remaining().min(self.len.max(Self::FIRST))
            };
            let spare = self.spare(room)?;
            match read(&mut reader, spare)? {
                0 => return Ok(()),
                n => self.advance(n),
            }
        }
    }

    /// Notes that the input holds more than the limit allows, and gives the error for it.
    pub fn exceed(&mut self) -> io::Error {
        self.exceeded = true;
        io::Error::new(io::ErrorKind::OutOfMemory, "unpacks to more than the limit")
    }

    pub(crate) fn exceeded(&self) -> bool {
        self.exceeded
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spare(bytes.len())?.copy_from_slice(bytes);
        self.advance(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
