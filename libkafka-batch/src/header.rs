//! The fixed part at the start of every batch.

use crate::error::{Error, Place, Result};
use crate::{Attributes, Compression, TimestampType};

/// Bytes of a magic 2 header, up to the first record.
pub const HEADER_SIZE: usize = 61;

/// Bytes up to and with the magic byte, which is at the same place in every format.
pub(crate) const SIZE_UP_TO_MAGIC: usize = 17;
/// The offset and the length, which the length itself does not count.
pub(crate) const LOG_OVERHEAD: usize = 12;
/// The least that a length field can say: an empty message of magic 0.
const MIN_LENGTH: i32 = 14;

/// Where the fields of a magic 2 header are.
pub(crate) mod field {
    use std::ops::Range;

    pub(crate) const BASE_OFFSET: Range<usize> = 0..8;
    pub(crate) const LENGTH: Range<usize> = 8..12;
    pub(crate) const PARTITION_LEADER_EPOCH: Range<usize> = 12..16;
    pub(crate) const MAGIC: usize = 16;
    pub(crate) const CRC: Range<usize> = 17..21;
    pub(crate) const ATTRIBUTES: Range<usize> = 21..23;
    pub(crate) const LAST_OFFSET_DELTA: Range<usize> = 23..27;
    pub(crate) const BASE_TIMESTAMP: Range<usize> = 27..35;
    pub(crate) const MAX_TIMESTAMP: Range<usize> = 35..43;
    pub(crate) const PRODUCER_ID: Range<usize> = 43..51;
    pub(crate) const PRODUCER_EPOCH: Range<usize> = 51..53;
    pub(crate) const BASE_SEQUENCE: Range<usize> = 53..57;
    pub(crate) const RECORD_COUNT: Range<usize> = 57..61;
    /// What the checksum covers starts here.
    pub(crate) const CHECKED: usize = 21;
}

/// The header of a batch as it stands on the wire (KIP-98).
///
/// A magic 0 or 1 message has fewer fields; what it lacks is -1, and what differs is said below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// The offset of the first record that the batch was written with; compaction may have
    /// removed that record. Of a magic 0 or 1 message: its offset, which for a compressed one
    /// is that of its last record.
    pub base_offset: i64,
    /// Bytes of the batch after this field: 12 less than its size.
    pub batch_length: i32,
    /// The epoch of the leader that appended the batch, or -1 (KIP-101).
    pub partition_leader_epoch: i32,
    /// The format: 0, 1 or 2.
    pub magic: u8,
    /// The stored checksum: CRC-32C in magic 2, CRC-32 before.
    pub crc: u32,
    /// Codec, timestamp type, and what kind of batch it is.
    pub attributes: Attributes,
    /// The offset of the last record that the batch was written with, less the base offset;
    /// compaction keeps it. Never negative. Magic 0 and 1: 0.
    pub last_offset_delta: i32,
    /// The timestamp that the records' deltas count from, in milliseconds since 1970, or the
    /// delete horizon. Magic 0 and 1: -1.
    pub base_timestamp: i64,
    /// The greatest timestamp of the records, or the time of the append where the broker sets
    /// it, in milliseconds since 1970. Magic 0: -1.
    pub max_timestamp: i64,
    /// The id of an idempotent or transactional producer, or -1 (KIP-98).
    pub producer_id: i64,
    /// The epoch of that producer, or -1.
    pub producer_epoch: i16,
    /// The sequence number of the first record, or -1.
    pub base_sequence: i32,
    /// How many records the batch says that it has. Magic 0 and 1: -1, the format does not say.
    pub record_count: i32,
}

impl BatchHeader {
    /// The codec of the records.
    ///
    /// A header that was parsed has a codec that exists; in one made by hand, an unknown number
    /// reads as none.
    pub fn compression(&self) -> Compression {
        self.attributes.compression().unwrap_or(Compression::None)
    }

    /// What the timestamps of the records mean.
    pub fn timestamp_type(&self) -> TimestampType {
        match self.magic {
            0 => TimestampType::NoTimestamp,
            _ => self.attributes.timestamp_type(),
        }
    }

    /// The offset of the last record that the batch was written with.
    pub fn last_offset(&self) -> i64 {
        self.base_offset
            .saturating_add(i64::from(self.last_offset_delta))
    }

    /// The offset to read on from: one after the last, whether or not that record still exists.
    ///
    /// It is above the base offset always, so a loop that fetches from here moves on (at the very
    /// last offset that there is, `i64::MAX`, it stays).
    pub fn next_offset(&self) -> i64 {
        self.last_offset().saturating_add(1)
    }

    /// The sequence number of the record `offset_delta` after the base offset, or -1 where the
    /// batch has none. Sequence numbers start again from 0 after `i32::MAX`.
    pub fn sequence(&self, offset_delta: i32) -> i32 {
        if self.base_sequence < 0 || self.magic < 2 {
            return -1;
        }
        (self.base_sequence as u32).wrapping_add(offset_delta as u32) as i32 & i32::MAX
    }

    /// The sequence number of the last record, or -1 where the batch has none.
    pub fn last_sequence(&self) -> i32 {
        self.sequence(self.last_offset_delta)
    }

    /// The time after which tombstones and transaction markers in the batch may be removed, in
    /// milliseconds since 1970 (KIP-534), where compaction has set one.
    pub fn delete_horizon(&self) -> Option<i64> {
        (self.magic >= 2 && self.attributes.has_delete_horizon()).then_some(self.base_timestamp)
    }

    /// Bytes of the whole batch.
    pub fn size(&self) -> usize {
        self.batch_length as usize + LOG_OVERHEAD
    }
}

/// What the first 17 bytes of a batch say.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) place: Place,
    pub(crate) size: usize,
    pub(crate) magic: u8,
}

/// Reads the frame of the batch at the start of `bytes`, which may be cut off behind it.
///
/// `None` where not even the frame is there.
pub(crate) fn frame(bytes: &[u8], position: usize) -> Result<Option<Frame>> {
    let Some(head) = bytes.first_chunk::<SIZE_UP_TO_MAGIC>() else {
        return Ok(None);
    };
    let place = Place {
        position,
        base_offset: be_i64(head, 0),
    };
    let length = be_i32(head, 8);
    // Kafka counts sizes in 32 bits, the first 12 bytes with them.
    if !(MIN_LENGTH..=i32::MAX - LOG_OVERHEAD as i32).contains(&length) {
        return Err(Error::BatchLength { place, length });
    }
    match head[field::MAGIC] {
        magic @ 0..=2 => Ok(Some(Frame {
            place,
            size: length as usize + LOG_OVERHEAD,
            magic,
        })),
        magic => Err(Error::UnknownMagic {
            place,
            magic: magic as i8,
        }),
    }
}

/// Reads the header of a magic 2 batch, of which `bytes` are all bytes.
pub(crate) fn parse(bytes: &[u8], frame: Frame) -> Result<BatchHeader> {
    let place = frame.place;
    let Some(head) = bytes.first_chunk::<HEADER_SIZE>() else {
        return Err(Error::Header {
            place,
            reason: "it is shorter than a header",
            value: bytes.len() as i64,
        });
    };
    let header = BatchHeader {
        base_offset: place.base_offset,
        batch_length: be_i32(head, field::LENGTH.start),
        partition_leader_epoch: be_i32(head, field::PARTITION_LEADER_EPOCH.start),
        magic: frame.magic,
        crc: be_i32(head, field::CRC.start) as u32,
        attributes: Attributes(be_i16(head, field::ATTRIBUTES.start)),
        last_offset_delta: be_i32(head, field::LAST_OFFSET_DELTA.start),
        base_timestamp: be_i64(head, field::BASE_TIMESTAMP.start),
        max_timestamp: be_i64(head, field::MAX_TIMESTAMP.start),
        producer_id: be_i64(head, field::PRODUCER_ID.start),
        producer_epoch: be_i16(head, field::PRODUCER_EPOCH.start),
        base_sequence: be_i32(head, field::BASE_SEQUENCE.start),
        record_count: be_i32(head, field::RECORD_COUNT.start),
    };
    Ok(header)
}

/// Refuses a magic 2 header that contradicts itself. Separate from reading it, so that a damaged
/// batch is called damaged (by its checksum) first.
pub(crate) fn check(header: &BatchHeader, place: Place) -> Result<()> {
    let bad = |reason, value| {
        Err(Error::Header {
            place,
            reason,
            value,
        })
    };
    if header.last_offset_delta < 0 {
        return bad(
            "its last offset lies before its first",
            i64::from(header.last_offset_delta),
        );
    }
    if header
        .base_offset
        .checked_add(i64::from(header.last_offset_delta))
        .is_none()
    {
        return bad(
            "its last offset does not fit 64 bits",
            i64::from(header.last_offset_delta),
        );
    }
    if header.record_count < 0 {
        return bad(
            "its record count is negative",
            i64::from(header.record_count),
        );
    }
    if header.record_count > header.last_offset_delta.saturating_add(1) {
        return bad(
            "it claims more records than it has offsets",
            i64::from(header.record_count),
        );
    }
    match header.attributes.compression() {
        Ok(_) => Ok(()),
        Err(id) => Err(Error::UnknownCompression { place, id }),
    }
}

// The callers hold arrays or have checked lengths, so these index without another check in sight.
pub(crate) fn be_i16(bytes: &[u8], at: usize) -> i16 {
    i16::from_be_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn be_i32(bytes: &[u8], at: usize) -> i32 {
    i32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

pub(crate) fn be_i64(bytes: &[u8], at: usize) -> i64 {
    i64::from(be_i32(bytes, at)) << 32 | i64::from(be_i32(bytes, at + 4) as u32)
}
