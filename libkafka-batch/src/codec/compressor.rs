//! `Compressor`: compresses the records of a batch.

use std::io;

use crate::attributes::Compression;

/// Compresses the records of a batch. Give one to
/// [`BuilderOptions::compressor`](crate::BuilderOptions::compressor).
///
/// The features of this crate provide one for each of Kafka's codecs. Implement the trait to use
/// another library or a tuned codec. Kafka's clients and brokers read these forms:
///
/// | codec | form |
/// | --- | --- |
/// | gzip | one or more gzip members in succession (RFC 1952); not zlib, not raw deflate |
/// | snappy | the framing of [snappy-java]: the header `82 53 4e 41 50 50 59 00 00000001 00000001`, then blocks of 32 KiB of input in Kafka's own clients and here, each preceded by its length as a big-endian int32. A single bare block is read too. Not Google's framing format |
/// | lz4 | one LZ4 frame (magic number `04 22 4d 18`) of **independent** blocks, with the correct header checksum. Block checksums are verified, linked blocks and dictionaries are refused, and a second frame is ignored |
/// | zstd | one or more Zstandard frames (RFC 8878) without a dictionary (KIP-110); only in Produce requests from version 7 on |
///
/// [snappy-java]: https://github.com/xerial/snappy-java
pub trait Compressor {
    /// The codec that readers need.
    fn compression(&self) -> Compression;

    /// Appends the compressed form of `input` to `output`. It is called for one batch after the
    /// other, so an implementation can keep its context.
    ///
    /// # Errors
    /// If `input` cannot be compressed. The builder returns the error as
    /// [`Error::Compress`](crate::Error::Compress).
    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()>;
}
