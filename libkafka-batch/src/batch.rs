//! `Batch`: one batch, borrowed from the bytes that it came in.

use crate::attributes::Compression;
use crate::crc;
use crate::decoder::Decoder;
use crate::error::{Error, Place, Result};
use crate::frame::Frame;
use crate::header::{BatchHeader, CHECKED, HEADER_SIZE};
use crate::legacy;
use crate::records::Records;

/// A record batch (magic 2), or a message of the formats before it (magic 0 and 1), which may be
/// a compressed set of messages.
///
/// Parsing reads the header and checks the checksum; the records are read as they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The header, field by field.
    pub header: BatchHeader,
    bytes: &'a [u8],
    place: Place,
}

impl<'a> Batch<'a> {
    /// Parses the batch at the start of `bytes` and checks its checksum. What follows the batch
    /// in `bytes` is left alone: [`size`](Self::size) says where it starts.
    ///
    /// # Errors
    /// [`Error::CutOff`] if the bytes end before the batch does, [`Error::Crc`] if it was
    /// damaged, and whatever else is wrong with its header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let frame = Frame::of_whole_batch(bytes)?;
        Self::framed(&bytes[..frame.size], frame, true)
    }

    /// Parses the batch at the start of `bytes` without checking its checksum: for bytes that you
    /// know by other means to be intact.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), other than [`Error::Crc`].
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

    /// Compares the stored checksum with that of the bytes.
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

    /// The records: borrowed if they are not compressed, unpacked into fresh memory if they
    /// are, up to [`Decoder::DEFAULT_LIMIT`]. If you read many compressed batches, save that
    /// memory with [`records_with`](Self::records_with).
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
    /// If the records cannot be unpacked, or are fewer bytes than their count needs.
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

    /// The records, unpacked into the memory of `decoder` if they are compressed, which other
    /// batches use again after this one.
    ///
    /// # Errors
    /// As [`records`](Self::records).
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

    /// Whether there is anything to unpack. Compaction leaves batches without a record that keep
    /// the codec in their attributes, and no codec but Zstandard unpacks no bytes.
    fn is_compressed(&self) -> bool {
        let nothing = self.header.record_count == 0 && self.payload().is_empty();
        self.header.compression() != Compression::None && !nothing
    }

    /// The offset to read on from; see [`BatchHeader::next_offset`].
    pub fn next_offset(&self) -> i64 {
        self.header.next_offset()
    }

    /// Where the batch starts, in bytes from the start of its record set.
    pub fn position(&self) -> usize {
        self.place.position
    }

    /// Bytes of the whole batch.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The batch as it came, header and all, to be sent on as it is.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What follows the header: the records, compressed as they came. Of a magic 0 or 1 message:
    /// its key and value.
    pub fn payload(&self) -> &'a [u8] {
        match self.header.magic {
            2 => &self.bytes[HEADER_SIZE..],
            magic => &self.bytes[legacy::key_start(magic)..],
        }
    }
}
