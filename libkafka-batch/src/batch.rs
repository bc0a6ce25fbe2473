//! `Batch`: one batch, borrowed from the bytes that contain it.

use crate::attributes::Compression;
use crate::crc;
use crate::decoder::Decoder;
use crate::error::{Error, Place, Result};
use crate::frame::Frame;
use crate::header::{BatchHeader, CHECKED, HEADER_SIZE};
use crate::legacy;
use crate::records::Records;

/// A record batch (magic 2), or a message of an older format (magic 0 or 1), which may itself
/// contain a compressed set of messages.
///
/// Parsing reads the header and checks the checksum. The records are decoded only as you iterate
/// over them.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The fields of the header.
    pub header: BatchHeader,
    bytes: &'a [u8],
    place: Place,
}

impl<'a> Batch<'a> {
    /// Parses the batch at the start of `bytes` and checks its checksum. Bytes after the batch are
    /// ignored; [`size`](Self::size) says where they start.
    ///
    /// # Errors
    /// [`Error::CutOff`] if the bytes end before the batch does, [`Error::Crc`] if the batch is
    /// damaged, and the other errors about a header if the header is invalid.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let frame = Frame::of_whole_batch(bytes)?;
        Self::framed(&bytes[..frame.size], frame, true)
    }

    /// Parses the batch at the start of `bytes` without checking its checksum. Use it for bytes
    /// that you know by other means to be intact.
    ///
    /// # Errors
    /// The errors of [`parse`](Self::parse), other than [`Error::Crc`].
    pub fn parse_unchecked(bytes: &'a [u8]) -> Result<Self> {
        let frame = Frame::of_whole_batch(bytes)?;
        Self::framed(&bytes[..frame.size], frame, false)
    }

    /// The batch that is exactly `bytes`.
    pub(crate) fn framed(bytes: &'a [u8], frame: Frame, check_crc: bool) -> Result<Self> {
        let place = frame.place;
        let header = match frame.magic {
            2 => BatchHeader::parse(bytes, frame)?,
            _ => legacy::parse(bytes, frame)?,
        };
        let batch = Self {
            header,
            bytes,
            place,
        };
        if check_crc {
            batch.check_crc()?;
        }
        match header.magic {
            2 => header.check(place)?,
            _ => legacy::check(&header, place)?,
        }
        Ok(batch)
    }

    /// Compares the stored checksum with the checksum of the bytes.
    ///
    /// # Errors
    /// [`Error::Crc`] if they differ.
    pub fn check_crc(&self) -> Result<()> {
        let computed = match self.header.magic {
            2 => crc::crc32c(&self.bytes[CHECKED..]),
            _ => crc::crc32(&self.bytes[legacy::CHECKED..]),
        };
        if computed == self.header.crc {
            return Ok(());
        }
        Err(Error::Crc {
            place: self.place,
            stored: self.header.crc,
            computed,
        })
    }

    /// The records of the batch: borrowed if they are not compressed, otherwise decompressed into
    /// fresh memory, up to [`Decoder::DEFAULT_LIMIT`]. If you read many compressed batches,
    /// [`records_with`](Self::records_with) saves that memory.
    ///
    /// ```
    /// # let mut builder = libkafka_batch::Builder::new();
    /// # builder.add("key", "value")?;
    /// # let bytes = builder.build()?;
    /// let batch = libkafka_batch::Batch::parse(bytes)?;
    /// for record in &batch.records()? {
    ///     let record = record?;
    ///     println!("{}: {:?}", record.offset, record.value_text());
    /// }
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the records cannot be decompressed, or their bytes are too few for their count.
    pub fn records(&self) -> Result<Records<'a>> {
        if !self.is_compressed() {
            return Records::borrowed(&self.header, self.place, self.payload());
        }
        let mut decoder = Decoder::new();
        let len = decoder
            .decompress(&self.header, self.place, self.payload())?
            .len();
        Records::owned(&self.header, self.place, decoder.into_buffer(len))
    }

    /// The records of the batch, decompressed into the memory of `decoder` if they are compressed.
    /// The decoder uses that memory again for the next batch.
    ///
    /// # Errors
    /// The errors of [`records`](Self::records).
    pub fn records_with<'d>(&self, decoder: &'d mut Decoder) -> Result<Records<'d>>
    where
        'a: 'd,
    {
        let payload = self.payload();
        let bytes = if self.is_compressed() {
            decoder.decompress(&self.header, self.place, payload)?
        } else {
            payload
        };
        Records::borrowed(&self.header, self.place, bytes)
    }

    /// Whether there is anything to decompress. Compaction leaves batches without records whose
    /// attributes still name a codec, and only Zstandard can decompress zero bytes.
    fn is_compressed(&self) -> bool {
        let nothing = self.header.record_count == 0 && self.payload().is_empty();
        self.header.compression() != Compression::None && !nothing
    }

    /// The offset to read on from; see [`BatchHeader::next_offset`].
    pub fn next_offset(&self) -> i64 {
        self.header.next_offset()
    }

    /// The position of the batch, in bytes from the start of its record set.
    pub fn position(&self) -> usize {
        self.place.position
    }

    /// The size of the whole batch, in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The whole batch, header included, unchanged: for passing it on as it is.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bytes after the header: the records, still compressed if they were. For a magic 0 or 1
    /// message: its key and value.
    pub fn payload(&self) -> &'a [u8] {
        match self.header.magic {
            2 => &self.bytes[HEADER_SIZE..],
            magic => &self.bytes[legacy::key_start(magic)..],
        }
    }
}
