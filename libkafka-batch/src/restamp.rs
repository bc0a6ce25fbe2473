//! Changes the header of a finished batch without touching its records.

use crate::error::{Error, Place, Result};
use crate::header::{self, HEADER_SIZE, field};
use crate::{Attributes, TimestampType, crc};

/// What to change in a finished batch: what an idempotent producer does when it numbers a batch
/// that was built before, what a broker does when it appends one, and what a mirror does.
///
/// Only the header is touched. The checksum follows the change without reading the records; so a
/// batch that was damaged before stays recognisably damaged.
///
/// ```
/// use libkafka_batch::{Batch, Builder, Restamp};
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// let mut bytes = builder.build()?.to_vec();
///
/// Restamp { base_offset: Some(42), partition_leader_epoch: Some(7), ..Restamp::default() }.apply(&mut bytes)?;
/// assert_eq!(Batch::parse(&bytes)?.header.base_offset, 42);
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restamp {
    /// The offset of the first record; those of the others follow it.
    pub base_offset: Option<i64>,
    /// The epoch of the partition's leader.
    pub partition_leader_epoch: Option<i32>,
    /// Who produced the batch.
    pub producer: Option<Producer>,
    /// The time of the append, in milliseconds since 1970, to stand for that of every record
    /// (`message.timestamp.type=LogAppendTime`).
    pub log_append_time: Option<i64>,
}

/// An idempotent or transactional producer and where in its sequence a batch stands (KIP-98).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Producer {
    /// The id that the broker gave it, or -1.
    pub id: i64,
    /// Its epoch, or -1.
    pub epoch: i16,
    /// The sequence number of the batch's first record, or -1.
    pub base_sequence: i32,
    /// Whether the batch belongs to a transaction.
    pub transactional: bool,
}

impl Restamp {
    /// Changes the batch at the start of `bytes`. What follows the batch is left alone.
    ///
    /// # Errors
    /// Where there is no whole batch of magic 2, and where the last offset would not fit. Nothing
    /// is changed then.
    pub fn apply(&self, bytes: &mut [u8]) -> Result<()> {
        let available = bytes.len();
        let frame = match header::frame(bytes, 0)? {
            Some(frame) if frame.size <= available => frame,
            frame => {
                let place = frame.map_or(
                    Place {
                        position: 0,
                        base_offset: -1,
                    },
                    |f| f.place,
                );
                return Err(Error::CutOff {
                    place,
                    needed: frame.map_or(HEADER_SIZE, |f| f.size),
                    available,
                });
            }
        };
        let place = frame.place;
        if frame.magic != 2 {
            return Err(Error::Restamp {
                place,
                reason: "only magic 2 can be",
            });
        }
        let header = header::parse(&bytes[..frame.size], frame)?;
        let base_offset = self.base_offset.unwrap_or(header.base_offset);
        if base_offset
            .checked_add(i64::from(header.last_offset_delta))
            .is_none()
        {
            return Err(Error::Restamp {
                place,
                reason: "its last offset would not fit 64 bits",
            });
        }

        bytes[field::BASE_OFFSET].copy_from_slice(&base_offset.to_be_bytes());
        if let Some(epoch) = self.partition_leader_epoch {
            bytes[field::PARTITION_LEADER_EPOCH].copy_from_slice(&epoch.to_be_bytes());
        }
        // The fields before are not covered by the checksum.
        if self.producer.is_none() && self.log_append_time.is_none() {
            return Ok(());
        }

        let covered = field::CHECKED..HEADER_SIZE;
        let mut old = [0; HEADER_SIZE - field::CHECKED];
        old.copy_from_slice(&bytes[covered.clone()]);
        let mut attributes = header.attributes;
        if let Some(time) = self.log_append_time {
            attributes = attributes.with_timestamp_type(TimestampType::LogAppendTime);
            bytes[field::MAX_TIMESTAMP].copy_from_slice(&time.to_be_bytes());
        }
        if let Some(producer) = self.producer {
            attributes = attributes.with_transactional(producer.transactional);
            bytes[field::PRODUCER_ID].copy_from_slice(&producer.id.to_be_bytes());
            bytes[field::PRODUCER_EPOCH].copy_from_slice(&producer.epoch.to_be_bytes());
            bytes[field::BASE_SEQUENCE].copy_from_slice(&producer.base_sequence.to_be_bytes());
        }
        let Attributes(bits) = attributes;
        bytes[field::ATTRIBUTES].copy_from_slice(&bits.to_be_bytes());
        let crc = crc::crc32c_replace(header.crc, &old, &bytes[covered], frame.size - HEADER_SIZE);
        bytes[field::CRC].copy_from_slice(&crc.to_be_bytes());
        Ok(())
    }
}
