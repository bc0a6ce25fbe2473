//! `Compressor`: what compresses the records of a batch.

use std::io;

use crate::attributes::Compression;

/// Compresses the records of a batch. Give one to
/// [`BuilderOptions::compressor`](crate::BuilderOptions::compressor).
///
/// The features of this crate have one for each of Kafka's codecs; implement it to use another
/// library or a tuned one. What Kafka's clients and brokers read:
///
/// | codec | form |
/// | --- | --- |
/// | gzip | one gzip member or more (RFC 1952), one after the other; not zlib, not raw deflate |
/// | snappy | the framing of [snappy-java]: the header `82 53 4e 41 50 50 59 00 00000001 00000001`, then blocks, each with its length in front as a big-endian int32; one bare block is read too. Not Google's framing format |
/// | lz4 | one LZ4 frame (magic number `04 22 4d 18`) of **independent** blocks, with the right header checksum; block checksums are verified, linked blocks and dictionaries refused, a second frame overlooked |
/// | zstd | one Zstandard frame or more (RFC 8878), without a dictionary; KIP-110, for produce requests from version 7 on |
///
/// [snappy-java]: https://github.com/xerial/snappy-java
pub trait Compressor {
    /// The codec that readers will need.
    fn compression(&self) -> Compression;

    /// Appends the compressed form of `input` to `output`. It is called for one batch after the
    /// other, so that contexts can be kept.
    ///
    /// # Errors
    /// Whatever keeps it from doing so.
    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()>;
}
