//! `Error`: everything that can go wrong.

use std::{fmt, io};

use crate::attributes::Compression;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which batch an error is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Where the batch starts, in bytes from the start of the record set.
    pub position: usize,
    /// The base offset that the batch claims; of a magic 0 or 1 message, its offset. `None` if
    /// there are not bytes enough to say.
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

/// An error while building or parsing batches.
///
/// `Display` gives one line with the whole story, what a codec said included. `Debug` gives the
/// same, so that a `main` that returns the error prints it readably.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The length field is less than any batch takes, or more than 2 GiB. Nothing after it can
    /// be found, so a [`RecordSet`](crate::RecordSet) ends here.
    #[error("{place} declares an impossible length of {length} bytes; what follows cannot be read")]
    BatchLength {
        /// Which batch.
        place: Place,
        /// The length field, which counts what comes after its own first 12 bytes.
        length: i32,
    },
    /// The magic byte is of a format that does not exist yet. What follows may be framed in
    /// another way, so a [`RecordSet`](crate::RecordSet) ends here.
    #[error("{place} has magic {magic}; this version reads 0, 1 and 2")]
    UnknownMagic {
        /// Which batch.
        place: Place,
        /// The magic byte.
        magic: i8,
    },
    /// The bytes end before the batch does. Returned by [`Batch::parse`](crate::Batch::parse) and
    /// [`Restamp::apply`](crate::Restamp::apply); a [`RecordSet`](crate::RecordSet) leaves a
    /// cut-off tail aside.
    #[error("{place} is cut off: {available} bytes of {needed}; fetch it again with more room")]
    CutOff {
        /// Which batch.
        place: Place,
        /// Bytes needed: of the whole batch, or 17 if not even its length and magic are there.
        needed: usize,
        /// Bytes that are there.
        available: usize,
    },
    /// The stored checksum is not that of the bytes: they were damaged on their way or on disk.
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
        /// What is wrong.
        reason: &'static str,
        /// The value of the field in question.
        value: i64,
    },
    /// The attributes name a codec that Kafka does not have.
    #[error("{place} is compressed with codec {id}, which nobody knows")]
    UnknownCompression {
        /// Which batch.
        place: Place,
        /// The number of the codec, 5 to 7.
        id: u8,
    },
    /// The codec is missing: its feature is off, and the decoder was given no
    /// [`Decompressor`](crate::Decompressor) for it.
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
        /// What the codec says.
        reason: io::Error,
    },
    /// The records would unpack to more than the limit.
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
        /// Which record in the batch, from 0.
        record: usize,
        /// Where the record starts, in bytes from the start of the (unpacked) records.
        at: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// A control record's key or value is not what its type wants (KIP-98, KIP-595).
    #[error("the control record at offset {offset} is malformed: {reason}")]
    ControlRecord {
        /// The offset of the record.
        offset: i64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The batch cannot be re-stamped in place.
    #[error("{place} cannot be re-stamped: {reason}")]
    Restamp {
        /// Which batch.
        place: Place,
        /// What is in the way.
        reason: &'static str,
    },
    /// A batch without a record was to be finished. Kafka refuses those.
    #[error("the batch has no records; add one before it is built")]
    Empty,
    /// The batch would pass 2 GiB, more than its length field can say.
    #[error(
        "the batch would take {size} bytes, more than the format allows; build it and start another"
    )]
    BatchFull {
        /// The size that it would have, in bytes.
        size: usize,
    },
    /// A transaction marker was added to a batch that has ordinary records.
    #[error(
        "a transaction marker cannot be in a batch with ordinary records; build that one first"
    )]
    MarkerAmongRecords,
    /// The offset delta is not above that of the record before, or the batch has all the records
    /// that its count can say.
    #[error("offset delta {delta} does not come after {last}; offsets in a batch ascend")]
    OffsetDelta {
        /// The delta asked for.
        delta: i32,
        /// The delta of the record before.
        last: i32,
    },
    /// The timestamp is further from the batch's first than 64 bits can say.
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
        /// What the codec says.
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
    /// Which batch of the record set the error is about, if it is about one.
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
