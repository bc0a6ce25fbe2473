//! `Error`: everything that can go wrong with a batch.

use std::{fmt, io};

use crate::attributes::Compression;

/// The result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which batch an error is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Where the batch starts, in bytes from the start of the record set.
    pub position: usize,
    /// The base offset that the batch claims; for a magic 0 or 1 message, its offset. `None` if
    /// there are too few bytes to tell.
    pub base_offset: Option<i64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the batch at byte {}", self.position)?;
        match self.base_offset {
            Some(base_offset) => write!(f, " (base offset {base_offset})"),
            None => Ok(()),
        }
    }
}

/// An error of building or parsing batches.
///
/// `Display` prints one line with the whole cause, including what a codec reported. `Debug` prints
/// the same, so a `main` that returns the error prints it readably.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The length field is smaller than any batch, or more than 2 GiB. Nothing after it can be
    /// found, so a [`RecordSet`](crate::RecordSet) ends here.
    #[error("{place} declares an impossible length of {length} bytes; what follows cannot be read")]
    BatchLength {
        /// Which batch.
        place: Place,
        /// The length field, which counts the bytes after the first 12.
        length: i32,
    },
    /// The magic byte names a format that does not exist yet. What follows may be framed in another
    /// way, so a [`RecordSet`](crate::RecordSet) ends here.
    #[error("{place} has magic {magic}; this version reads 0, 1 and 2")]
    UnknownMagic {
        /// Which batch.
        place: Place,
        /// The magic byte.
        magic: i8,
    },
    /// The bytes end before the batch does. Returned by [`Batch::parse`](crate::Batch::parse) and
    /// [`Restamp::apply`](crate::Restamp::apply); a [`RecordSet`](crate::RecordSet) does not return
    /// a batch that is cut off. Fetch the batch again with a larger limit.
    #[error("{place} is cut off: {available} bytes of {needed}; fetch it again with more room")]
    CutOff {
        /// Which batch.
        place: Place,
        /// Bytes needed: those of the whole batch, or 17 if not even its length and magic are
        /// there.
        needed: usize,
        /// Bytes that are there.
        available: usize,
    },
    /// The stored checksum does not match the bytes: they were damaged in transit or on disk.
    #[error("{place} is damaged: its checksum is {stored:#010x}, its bytes give {computed:#010x}")]
    Crc {
        /// Which batch.
        place: Place,
        /// The checksum in the header.
        stored: u32,
        /// The checksum of the bytes.
        computed: u32,
    },
    /// The header contradicts itself or the bytes after it.
    #[error("{place} has a bad header: {reason} ({value})")]
    Header {
        /// Which batch.
        place: Place,
        /// What is wrong with it.
        reason: &'static str,
        /// The value of that field.
        value: i64,
    },
    /// The attributes name a codec that Kafka does not have.
    #[error("{place} is compressed with codec {id}, which Kafka does not have")]
    UnknownCompression {
        /// Which batch.
        place: Place,
        /// The number of the codec, 5 to 7.
        id: u8,
    },
    /// The codec is not available: its feature is disabled, and the decoder was given no
    /// [`Decompressor`](crate::Decompressor) for it. Enable the feature that has the name of the
    /// codec.
    #[error(
        "{place} is compressed with {compression}: turn on that feature of libkafka-batch, or give the decoder a codec"
    )]
    CodecMissing {
        /// Which batch.
        place: Place,
        /// The codec.
        compression: Compression,
    },
    /// The codec refused the compressed records.
    #[error("{place} cannot be decompressed with {compression}: {reason}")]
    Decompress {
        /// Which batch.
        place: Place,
        /// The codec.
        compression: Compression,
        /// The error of the codec.
        reason: io::Error,
    },
    /// The records would decompress to more than the limit.
    #[error(
        "{place} unpacks to more than {limit} bytes; raise the limit of the decoder if you trust it"
    )]
    TooLarge {
        /// Which batch.
        place: Place,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A record is malformed.
    #[error("record {record} of {place} is malformed: {reason} (byte {at} of the records)")]
    Record {
        /// Which batch.
        place: Place,
        /// The index of the record in the batch, from 0.
        record: usize,
        /// Where the record starts, in bytes from the start of the (unpacked) records.
        at: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The key or value of a control record does not fit its kind (KIP-98, KIP-595).
    #[error("the control record at offset {offset} is malformed: {reason}")]
    ControlRecord {
        /// The offset of the record.
        offset: i64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The header of the batch cannot be changed in place.
    #[error("{place} cannot be re-stamped: {reason}")]
    Restamp {
        /// Which batch.
        place: Place,
        /// What prevents it.
        reason: &'static str,
    },
    /// A batch without records was to be built. Kafka refuses such batches: add a record first.
    #[error("the batch has no records; add one before you build it")]
    Empty,
    /// The batch would exceed 2 GiB, the most that its length field can express. Build it and start
    /// another.
    #[error(
        "the batch would take {size} bytes, more than the format allows; build it and start another"
    )]
    BatchFull {
        /// The size that it would have, in bytes.
        size: usize,
    },
    /// A transaction marker was added to a batch that has ordinary records. Build that batch first.
    #[error(
        "a transaction marker cannot be in a batch with ordinary records; build that one first"
    )]
    MarkerAmongRecords,
    /// The offset delta is not greater than that of the previous record, or the batch already has
    /// as many records as its count can express.
    #[error("offset delta {delta} does not come after {last}; offsets in a batch ascend")]
    OffsetDelta {
        /// The delta that was asked for.
        delta: i32,
        /// The delta of the previous record.
        last: i32,
    },
    /// The timestamp is further from that of the batch's first record than 64 bits can express.
    /// Build the batch and start another.
    #[error(
        "timestamp {timestamp} is too far from the batch's first, {base}; build and start another batch"
    )]
    TimestampDelta {
        /// The timestamp of the record, in milliseconds since 1970.
        timestamp: i64,
        /// The timestamp of the batch's first record.
        base: i64,
    },
    /// The codec could not compress the records.
    #[error("the records cannot be compressed with {compression}: {reason}")]
    Compress {
        /// The codec.
        compression: Compression,
        /// The error of the codec.
        reason: io::Error,
    },
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// The batch of the record set that the error is about, if it is about one.
    pub fn place(&self) -> Option<Place> {
        match *self {
            Self::BatchLength { place, .. }
            | Self::UnknownMagic { place, .. }
            | Self::CutOff { place, .. }
            | Self::Crc { place, .. }
            | Self::Header { place, .. }
            | Self::UnknownCompression { place, .. }
            | Self::CodecMissing { place, .. }
            | Self::Decompress { place, .. }
            | Self::TooLarge { place, .. }
            | Self::Record { place, .. }
            | Self::Restamp { place, .. } => Some(place),
            _ => None,
        }
    }
}
