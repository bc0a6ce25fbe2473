//! `Decompressor`: decompresses the records of a batch.

use std::io;

use crate::attributes::Compression;
use crate::codec::output::Output;

/// Decompresses the records of a batch. Give one to
/// [`DecoderOptions::decompressor`](crate::DecoderOptions::decompressor).
pub trait Decompressor {
    /// The codec that it reads.
    fn compression(&self) -> Compression;

    /// Writes the decompressed form of `input` to `output`. Returns the errors of `output`, which
    /// refuses more than the limit.
    ///
    /// `magic` is the format of the batch. In magic 0, the header checksum of an LZ4 frame is not
    /// the one that the LZ4 specification defines: do not verify it.
    ///
    /// # Errors
    /// If `input` is invalid. Bytes after its end are not an error where Kafka ignores them.
    fn decompress(&mut self, input: &[u8], magic: u8, output: &mut Output<'_>) -> io::Result<()>;
}

/// The error for bytes that are not what a codec expects.
#[cfg(any(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    feature = "zstd",
    feature = "zstd-structured",
    feature = "zstd-c"
))]
pub(crate) fn invalid(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
