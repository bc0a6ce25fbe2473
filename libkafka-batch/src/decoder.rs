//! Unpacks batches into memory that is used again.

use std::fmt;

use crate::batch::Batch;
use crate::codec::{Decompressor, Output, ready_made};
use crate::error::{Error, Result};
use crate::{Compression, legacy};

/// Memory and codecs for [`Batch::records_with`], used again for each batch.
///
/// ```
/// # let mut builder = libkafka_batch::Builder::new();
/// # builder.add("key", "value")?;
/// # let bytes = builder.build()?;
/// let mut decoder = libkafka_batch::Decoder::new();
/// decoder.limit = 8 * 1024 * 1024;
/// for batch in libkafka_batch::RecordSet::new(bytes) {
///     for record in &batch?.records_with(&mut decoder)? {
///         println!("{:?}", record?.value);
///     }
/// }
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
pub struct Decoder {
    /// The most bytes that a batch may unpack to. A batch that would pass it is an error, found
    /// when it gets there, whatever the batch claims. The memory that a decoder holds is at most
    /// about twice as much, and some 8 MiB for a Zstandard window where the limit is less.
    pub limit: usize,
    buffer: Vec<u8>,
    codecs: Vec<Box<dyn Decompressor + Send>>,
}

impl Decoder {
    /// The limit of a new decoder: 128 MiB. It is 128 times the size of batch that a broker takes
    /// by default, and the widest window that Zstandard uses at its highest level, which counts
    /// against the limit as well.
    pub const DEFAULT_LIMIT: usize = 128 * 1024 * 1024;

    /// A decoder with the codecs that are among the features of this crate. It takes memory when
    /// it first needs it.
    pub fn new() -> Self {
        Self {
            limit: Self::DEFAULT_LIMIT,
            buffer: Vec::new(),
            codecs: Vec::new(),
        }
    }

    /// Takes `decompressor` for its codec from now on, in place of the one before.
    pub fn set_decompressor(&mut self, decompressor: impl Decompressor + Send + 'static) {
        self.codecs
            .retain(|codec| codec.compression() != decompressor.compression());
        self.codecs.push(Box::new(decompressor));
    }

    /// Unpacks a batch and gives its records, or the messages inside it.
    pub(crate) fn decompress(&mut self, batch: &Batch<'_>) -> Result<&[u8]> {
        let place = batch.place();
        let compression = batch.header.compression();
        let input = match batch.header.magic {
            2 => batch.payload(),
            _ => legacy::compressed(batch)?,
        };
        let Some(codec) = codec(&mut self.codecs, compression) else {
            return Err(Error::CodecMissing { place, compression });
        };
        let mut output = Output::new(&mut self.buffer, self.limit);
        match codec.decompress(input, batch.header.magic, &mut output) {
            Ok(()) => {
                let len = output.len();
                Ok(&self.buffer[..len])
            }
            Err(_) if output.exceeded() => Err(Error::TooLarge {
                place,
                limit: self.limit,
            }),
            Err(source) => Err(Error::Decompress {
                place,
                compression,
                source,
            }),
        }
    }

    pub(crate) fn into_buffer(self, len: usize) -> Vec<u8> {
        let mut buffer = self.buffer;
        buffer.truncate(len);
        buffer
    }
}

/// The codec for `compression`: the caller's own, or else a ready-made one, which is kept.
fn codec(
    codecs: &mut Vec<Box<dyn Decompressor + Send>>,
    compression: Compression,
) -> Option<&mut Box<dyn Decompressor + Send>> {
    if !codecs
        .iter()
        .any(|codec| codec.compression() == compression)
    {
        codecs.push(ready_made(compression)?);
    }
    codecs
        .iter_mut()
        .find(|codec| codec.compression() == compression)
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("limit", &self.limit)
            .field("memory", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
