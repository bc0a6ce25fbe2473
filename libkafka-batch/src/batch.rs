//! One batch, borrowed from the bytes that it came in.

use crate::decoder::Decoder;
use crate::error::{Error, Place, Result};
use crate::header::{self, BatchHeader, HEADER_SIZE, SIZE_UP_TO_MAGIC, field};
use crate::records::Records;
use crate::{Compression, crc, legacy};

/// A record batch (magic 2), or a message of the formats before it (magic 0 and 1), which may be
/// a compressed set of messages.
///
/// Parsing reads the header and checks the checksum; the records are read as they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The header, field by field.
    pub header: BatchHeader,
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Batch<'a> {
    /// Parses the batch at the start of `bytes` and checks its checksum. What follows the batch
    /// in `bytes` is left alone: [`size`](Self::size) says where it starts.
    ///
    /// # Errors
    /// [`Error::CutOff`] where the bytes end before the batch does, [`Error::Crc`] where it was
    /// damaged, and whatever else is wrong with its header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        Self::whole(bytes, true)
    }

    /// Parses the batch at the start of `bytes` and takes its checksum on trust: for bytes of
    /// which the caller knows by other means that they are whole.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), other than [`Error::Crc`].
    pub fn parse_unchecked(bytes: &'a [u8]) -> Result<Self> {
        Self::whole(bytes, false)
    }

    fn whole(bytes: &'a [u8], check_crc: bool) -> Result<Self> {
        match header::frame(bytes, 0)? {
            Some(frame) if frame.size <= bytes.len() => {
                Self::at(&bytes[..frame.size], frame, check_crc)
            }
            frame => Err(Error::CutOff {
                place: frame.map_or(
                    Place {
                        position: 0,
                        base_offset: -1,
                    },
                    |f| f.place,
                ),
                needed: frame.map_or(SIZE_UP_TO_MAGIC, |f| f.size),
                available: bytes.len(),
            }),
        }
    }

    /// The batch that is exactly `bytes`.
    pub(crate) fn at(bytes: &'a [u8], frame: header::Frame, check_crc: bool) -> Result<Self> {
        let header = match frame.magic {
            2 => header::parse(bytes, frame)?,
            _ => legacy::header(bytes, frame)?,
        };
        let batch = Self {
            header,
            bytes,
            position: frame.place.position,
        };
        if check_crc {
            batch.check_crc()?;
        }
        if header.magic == 2 {
            header::check(&header, frame.place)?;
        } else {
            legacy::check(&header, frame.place)?;
        }
        Ok(batch)
    }

    /// Compares the stored checksum with that of the bytes.
    ///
    /// # Errors
    /// [`Error::Crc`] where they differ.
    pub fn check_crc(&self) -> Result<()> {
        let computed = match self.header.magic {
            2 => crc::crc32c(&self.bytes[field::CHECKED..]),
            _ => crc::crc32(&self.bytes[legacy::CHECKED..]),
        };
        if computed == self.header.crc {
            return Ok(());
        }
        Err(Error::Crc {
            place: self.place(),
            stored: self.header.crc,
            computed,
        })
    }

    /// The records: borrowed where they are not compressed, unpacked into fresh memory where they
    /// are, up to [`Decoder::DEFAULT_LIMIT`]. A reader of many compressed batches saves that
    /// memory with [`records_with`](Self::records_with).
    ///
    /// ```
    /// # let mut builder = libkafka_batch::Builder::new();
    /// # builder.add("key", "value")?;
    /// # let bytes = builder.build()?;
    /// let batch = libkafka_batch::Batch::parse(bytes)?;
    /// for record in &batch.records()? {
    ///     let record = record?;
    ///     println!("{}: {:?}", record.offset, record.value);
    /// }
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the records cannot be unpacked, or are fewer bytes than their count needs.
    pub fn records(&self) -> Result<Records<'a>> {
        if self.header.compression() == Compression::None {
            return Records::borrowed(self, self.payload());
        }
        let mut decoder = Decoder::new();
        let len = decoder.decompress(self)?.len();
        Records::owned(self, decoder.into_buffer(len))
    }

    /// The records, unpacked into the memory of `decoder` where they are compressed, which other
    /// batches use again after this one.
    ///
    /// # Errors
    /// As [`records`](Self::records).
    pub fn records_with<'d>(&self, decoder: &'d mut Decoder) -> Result<Records<'d>>
    where
        'a: 'd,
    {
        if self.header.compression() == Compression::None {
            return Records::borrowed(self, self.payload());
        }
        Records::borrowed(self, decoder.decompress(self)?)
    }

    /// The offset to read on from; see [`BatchHeader::next_offset`].
    pub fn next_offset(&self) -> i64 {
        self.header.next_offset()
    }

    /// Where the batch starts, in bytes from the start of its record set.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Bytes of the whole batch.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The batch as it came, header and all, to be sent on as it is.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What follows the header: the records, packed as they came. Of a magic 0 or 1 message:
    /// its key and value.
    pub fn payload(&self) -> &'a [u8] {
        match self.header.magic {
            2 => &self.bytes[HEADER_SIZE..],
            magic => &self.bytes[legacy::key_start(magic)..],
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            position: self.position,
            base_offset: self.header.base_offset,
        }
    }
}
