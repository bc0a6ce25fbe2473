//! `BatchHeader`: the fixed part at the start of every batch, read and written.

use crate::attributes::{Attributes, Compression, TimestampType};
use crate::crc;
use crate::error::{Error, Place, Result};
use crate::frame::{Frame, LOG_OVERHEAD, be_i16, be_i32, be_i64};

/// The size of a magic 2 header, in bytes: everything before the first record.
pub const HEADER_SIZE: usize = 61;

/// Where the part of a magic 2 batch starts that its checksum covers: at the attributes.
pub(crate) const CHECKED: usize = 21;

/// The value on the wire for an absent id, epoch or number.
const NONE: i8 = -1;

/// Where the fields of a magic 2 header are.
mod field {
    use std::ops::Range;

    pub(super) const BASE_OFFSET: Range<usize> = 0..8;
    pub(super) const LENGTH: Range<usize> = 8..12;
    pub(super) const PARTITION_LEADER_EPOCH: Range<usize> = 12..16;
    pub(super) const MAGIC: usize = 16;
    pub(super) const CRC: Range<usize> = 17..21;
    pub(super) const ATTRIBUTES: Range<usize> = 21..23;
    pub(super) const LAST_OFFSET_DELTA: Range<usize> = 23..27;
    pub(super) const BASE_TIMESTAMP: Range<usize> = 27..35;
    pub(super) const MAX_TIMESTAMP: Range<usize> = 35..43;
    pub(super) const PRODUCER_ID: Range<usize> = 43..51;
    pub(super) const PRODUCER_EPOCH: Range<usize> = 51..53;
    pub(super) const BASE_SEQUENCE: Range<usize> = 53..57;
    pub(super) const RECORD_COUNT: Range<usize> = 57..61;
}

/// The header of a batch, field by field as it is on the wire (KIP-98).
///
/// A magic 0 or 1 message has fewer fields. Those it lacks are -1; the docs of each field say what
/// else differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// The offset of the first record that the batch was written with; compaction may have removed
    /// that record. For a magic 0 or 1 message: its own offset, which for a compressed message is
    /// that of the last record inside it.
    pub base_offset: i64,
    /// The number of bytes of the batch after this field: 12 less than its size.
    pub batch_length: i32,
    /// The epoch of the leader that appended the batch, or -1 (KIP-101).
    pub partition_leader_epoch: i32,
    /// The format: 0, 1 or 2.
    pub magic: u8,
    /// The stored checksum: CRC-32C in magic 2, CRC-32 before.
    pub crc: u32,
    /// The codec, the timestamp type, and the kind of batch.
    pub attributes: Attributes,
    /// The offset of the last record that the batch was written with, minus the base offset;
    /// compaction preserves it. Never negative. Magic 0 and 1: 0.
    ///
    /// Old brokers stored batches of some producers in which it is lower than the offset deltas of
    /// the records. Those records are read all the same.
    pub last_offset_delta: i32,
    /// The timestamp that the timestamp deltas of the records are relative to, in milliseconds
    /// since 1970, or the delete horizon. Magic 0 and 1: -1.
    pub base_timestamp: i64,
    /// The greatest timestamp of the records, in milliseconds since 1970; or the time of the append
    /// if the broker sets the timestamps. Magic 0: -1.
    pub max_timestamp: i64,
    /// The id of an idempotent or transactional producer, or -1 (KIP-98).
    pub producer_id: i64,
    /// The epoch of that producer, or -1.
    pub producer_epoch: i16,
    /// The sequence number of the first record, or -1.
    pub base_sequence: i32,
    /// The number of records that the batch claims to have. Magic 0 and 1: -1, as the format does
    /// not say.
    pub record_count: i32,
}

/// An idempotent or transactional producer, and the position of a batch in its sequence (KIP-98).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProducerInfo {
    /// The id that the broker assigned to the producer.
    pub id: i64,
    /// The producer's epoch.
    pub epoch: i16,
    /// The sequence number of the batch's first record. `None` for the markers that end
    /// transactions.
    pub base_sequence: Option<i32>,
    /// Whether the batch belongs to a transaction.
    pub transactional: bool,
}

impl BatchHeader {
    /// The codec of the records.
    ///
    /// A parsed header always has a known codec. In a header made by hand, an unknown codec number
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

    /// The offset to read on from: one after the last offset of the batch, whether or not that
    /// record still exists.
    ///
    /// It is always greater than the base offset, so a loop that fetches from it makes progress
    /// (except at the very last offset, `i64::MAX`).
    pub fn next_offset(&self) -> i64 {
        self.last_offset().saturating_add(1)
    }

    /// The producer of the batch, if it is an idempotent or transactional one.
    pub fn producer(&self) -> Option<ProducerInfo> {
        (self.producer_id >= 0).then_some(ProducerInfo {
            id: self.producer_id,
            epoch: self.producer_epoch,
            base_sequence: (self.base_sequence >= 0).then_some(self.base_sequence),
            transactional: self.attributes.is_transactional(),
        })
    }

    /// Whether the records are markers for Kafka itself rather than for an application (KIP-98).
    /// Always false for messages of magic 0 and 1.
    pub fn is_control(&self) -> bool {
        self.magic >= 2 && self.attributes.is_control()
    }

    /// Whether the batch belongs to a transaction (KIP-98). Always false for messages of magic 0
    /// and 1.
    pub fn is_transactional(&self) -> bool {
        self.magic >= 2 && self.attributes.is_transactional()
    }

    /// The sequence number of the record at `offset_delta` after the base offset, if the batch has
    /// sequence numbers. They wrap from `i32::MAX` to 0.
    pub fn sequence(&self, offset_delta: i32) -> Option<i32> {
        if self.base_sequence < 0 || self.magic < 2 {
            return None;
        }
        Some((self.base_sequence as u32).wrapping_add(offset_delta as u32) as i32 & i32::MAX)
    }

    /// The sequence number of the last record, if the batch has sequence numbers.
    pub fn last_sequence(&self) -> Option<i32> {
        self.sequence(self.last_offset_delta)
    }

    /// The base sequence of the producer's next batch, if this one has sequence numbers.
    pub fn next_sequence(&self) -> Option<i32> {
        self.sequence(self.last_offset_delta.wrapping_add(1))
    }

    /// The time after which the tombstones and transaction markers in the batch may be removed, in
    /// milliseconds since 1970, if compaction has set one (KIP-534).
    pub fn delete_horizon(&self) -> Option<i64> {
        (self.magic >= 2 && self.attributes.has_delete_horizon()).then_some(self.base_timestamp)
    }

    /// The size of the whole batch, in bytes.
    pub fn size(&self) -> usize {
        self.batch_length as usize + LOG_OVERHEAD
    }

    /// Sets the producer's id, epoch, sequence and transaction bit, or clears all four.
    #[inline]
    pub(crate) fn set_producer(&mut self, producer: Option<ProducerInfo>) {
        self.producer_id = producer.map_or(NONE.into(), |p| p.id);
        self.producer_epoch = producer.map_or(NONE.into(), |p| p.epoch);
        self.base_sequence = producer
            .and_then(|p| p.base_sequence)
            .unwrap_or(NONE.into());
        let transactional = producer.is_some_and(|p| p.transactional);
        self.attributes = self.attributes.with_transactional(transactional);
    }

    /// Reads the header of a magic 2 batch. `bytes` are those of the whole batch.
    pub(crate) fn parse(bytes: &[u8], frame: Frame) -> Result<Self> {
        let Some(head) = bytes.first_chunk::<HEADER_SIZE>() else {
            return Err(Error::Header {
                place: frame.place,
                reason: "it is shorter than a header",
                value: bytes.len() as i64,
            });
        };
        Ok(Self {
            base_offset: frame.base_offset,
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
        })
    }

    /// Writes the header of a magic 2 batch: what [`parse`](Self::parse) reads.
    #[inline]
    pub(crate) fn write(&self, head: &mut [u8; HEADER_SIZE]) {
        let Attributes(attributes) = self.attributes;
        head[field::BASE_OFFSET].copy_from_slice(&self.base_offset.to_be_bytes());
        head[field::LENGTH].copy_from_slice(&self.batch_length.to_be_bytes());
        head[field::PARTITION_LEADER_EPOCH]
            .copy_from_slice(&self.partition_leader_epoch.to_be_bytes());
        head[field::MAGIC] = self.magic;
        head[field::CRC].copy_from_slice(&self.crc.to_be_bytes());
        head[field::ATTRIBUTES].copy_from_slice(&attributes.to_be_bytes());
        head[field::LAST_OFFSET_DELTA].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        head[field::BASE_TIMESTAMP].copy_from_slice(&self.base_timestamp.to_be_bytes());
        head[field::MAX_TIMESTAMP].copy_from_slice(&self.max_timestamp.to_be_bytes());
        head[field::PRODUCER_ID].copy_from_slice(&self.producer_id.to_be_bytes());
        head[field::PRODUCER_EPOCH].copy_from_slice(&self.producer_epoch.to_be_bytes());
        head[field::BASE_SEQUENCE].copy_from_slice(&self.base_sequence.to_be_bytes());
        head[field::RECORD_COUNT].copy_from_slice(&self.record_count.to_be_bytes());
    }

    /// Writes the header of a batch whose other bytes are already in place, with the checksum of
    /// the whole batch.
    #[inline]
    pub(crate) fn seal(&mut self, batch: &mut [u8]) {
        self.write(head_of(batch));
        self.crc = crc::crc32c(&batch[CHECKED..]);
        batch[field::CRC].copy_from_slice(&self.crc.to_be_bytes());
    }

    /// Overwrites the header of a finished batch with this one, which must have the same checksum.
    /// The checksum is adjusted to the change without reading the records, so a batch that was
    /// damaged before stays recognisably damaged.
    pub(crate) fn overwrite(&mut self, batch: &mut [u8]) {
        let records = batch.len() - HEADER_SIZE;
        let head = head_of(batch);
        let old = *head;
        self.write(head);
        let (old, new) = (&old[CHECKED..], &head[CHECKED..]);
        // What comes before is not covered by the checksum.
        if old != new {
            self.crc = crc::crc32c_replace(self.crc, old, new, records);
            head[field::CRC].copy_from_slice(&self.crc.to_be_bytes());
        }
    }

    /// Refuses a magic 2 header that does not tell where to read on, how many records to expect, or
    /// how to decompress them. This is separate from reading the header, so that a damaged batch is
    /// first reported as damaged (by its checksum).
    ///
    /// What only a producer must not send (more records than offsets) is left for brokers to
    /// refuse: old brokers stored such batches, and Kafka reads them.
    pub(crate) fn check(&self, place: Place) -> Result<()> {
        let bad = |reason, value| {
            Err(Error::Header {
                place,
                reason,
                value,
            })
        };
        let delta = i64::from(self.last_offset_delta);
        if delta < 0 {
            return bad("its last offset is before its first", delta);
        }
        if self.base_offset.checked_add(delta).is_none() {
            return bad("its last offset does not fit 64 bits", delta);
        }
        if self.record_count < 0 {
            return bad("its record count is negative", i64::from(self.record_count));
        }
        match self.attributes.compression() {
            Ok(_) => Ok(()),
            Err(id) => Err(Error::UnknownCompression { place, id }),
        }
    }
}

#[inline]
fn head_of(batch: &mut [u8]) -> &mut [u8; HEADER_SIZE] {
    batch
        .first_chunk_mut()
        .expect("the batch was built or parsed, so it has a header")
}
