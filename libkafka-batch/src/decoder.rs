//! `Decoder`: decompresses batches into reused memory.

use std::fmt;

use crate::attributes::Compression;
use crate::codec::decompressor::Decompressor;
use crate::codec::output::Output;
use crate::codec::ready_made;
use crate::error::{Error, Place, Result};
use crate::header::BatchHeader;
use crate::legacy;

/// Memory and codecs for [`Batch::records_with`](crate::Batch::records_with), reused from batch to
/// batch.
///
/// ```
/// # let mut builder = libkafka_batch::Builder::new();
/// # builder.add("key", "value")?;
/// # let bytes = builder.build()?;
/// use libkafka_batch::{Decoder, DecoderOptions, RecordSet};
///
/// let mut decoder = Decoder::with_options(DecoderOptions::new().limit(8 * 1024 * 1024));
/// for batch in RecordSet::new(bytes) {
///     for record in &batch?.records_with(&mut decoder)? {
///         println!("{:?}", record?.value_text());
///     }
/// }
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
pub struct Decoder {
    limit: usize,
    buffer: Vec<u8>,
    codecs: Vec<Box<dyn Decompressor + Send>>,
}

/// How a [`Decoder`] decompresses.
#[derive(Default)]
pub struct DecoderOptions {
    limit: Option<usize>,
    decompressors: Vec<Box<dyn Decompressor + Send>>,
}

impl DecoderOptions {
    /// The defaults: a limit of [`Decoder::DEFAULT_LIMIT`], and the codecs that the features of
    /// this crate enable.
    pub fn new() -> Self {
        Self::default()
    }

    /// The most bytes that a batch may decompress to. Default: [`Decoder::DEFAULT_LIMIT`].
    ///
    /// A batch that decompresses to more is an error, which occurs when the limit is reached,
    /// whatever the batch claims. A decoder holds at most about twice the limit in memory, plus
    /// some 8 MiB for a Zstandard window if the limit is smaller than that.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// Uses `decompressor` for its codec instead of the ready-made one. If several are given for
    /// one codec, the last one is used.
    #[must_use]
    pub fn decompressor(mut self, decompressor: impl Decompressor + Send + 'static) -> Self {
        self.decompressors.insert(0, Box::new(decompressor));
        self
    }
}

impl Decoder {
    /// The default limit: 128 MiB. That is 128 times the size of batch that a broker accepts by
    /// default, and as wide as the widest window of Zstandard's highest level, which counts against
    /// the limit too.
    pub const DEFAULT_LIMIT: usize = 128 * 1024 * 1024;

    /// The most bytes that a control batch may decompress to, unless the limit is lower: 64 KiB.
    ///
    /// Kafka never compresses control batches, and their records are small.
    pub const CONTROL_LIMIT: usize = 64 * 1024;

    /// Makes a decoder with the default options. It allocates memory when it first needs it.
    pub fn new() -> Self {
        Self::with_options(DecoderOptions::new())
    }

    /// Makes a decoder with these options. It allocates memory when it first needs it.
    pub fn with_options(options: DecoderOptions) -> Self {
        Self {
            limit: options.limit.unwrap_or(Self::DEFAULT_LIMIT),
            buffer: Vec::new(),
            codecs: options.decompressors,
        }
    }

    /// Decompresses the `payload` of a batch and returns its records, or the messages inside it.
    pub(crate) fn decompress(
        &mut self,
        header: &BatchHeader,
        place: Place,
        payload: &[u8],
    ) -> Result<&[u8]> {
        let compression = header.compression();
        let input = match header.magic {
            2 => payload,
            _ => legacy::compressed(place, payload)?,
        };
        let limit = if header.is_control() {
            self.limit.min(Self::CONTROL_LIMIT)
        } else {
            self.limit
        };
        let Some(codec) = codec(&mut self.codecs, compression) else {
            return Err(Error::CodecMissing { place, compression });
        };
        let mut output = Output::new(&mut self.buffer, limit);
        match codec.decompress(input, header.magic, &mut output) {
            Ok(()) => {
                let len = output.len();
                Ok(&self.buffer[..len])
            }
            Err(_) if output.exceeded() => Err(Error::TooLarge { place, limit }),
            Err(reason) => Err(Error::Decompress {
                place,
                compression,
                reason,
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
        codecs.push(ready_made::decompressor(compression)?);
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

impl fmt::Debug for DecoderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codecs = self.decompressors.iter().map(|codec| codec.compression());
        f.debug_struct("DecoderOptions")
            .field("limit", &self.limit)
            .field("decompressors", &Vec::from_iter(codecs))
            .finish()
    }
}
