//! `Restamp`: changes the header of a finished batch without touching its records.

use crate::attributes::TimestampType;
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::header::{BatchHeader, ProducerInfo};

/// Changes to the header of a finished batch: as a broker makes when it appends one, as a mirror
/// makes, and as an idempotent producer makes to number a batch that was built elsewhere.
///
/// It changes the batch in place and never copies it, so it needs exclusive access to the bytes: if
/// they are in a [`Bytes`](bytes::Bytes) that has another owner, such as a
/// [`Builder`](crate::Builder), copy them first. To number batches as they are built, use
/// [`Builder::build_numbered`](crate::Builder::build_numbered).
///
/// The checksum is adjusted to the change without reading the records, so a batch that was damaged
/// before stays recognisably damaged.
///
/// ```
/// use libkafka_batch::{Batch, Builder, Restamp};
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// let mut bytes = builder.build()?.to_vec();
///
/// Restamp::new().base_offset(42).partition_leader_epoch(7).apply(&mut bytes)?;
/// assert_eq!(Batch::parse(&bytes)?.header.base_offset, 42);
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
///
/// # Mirrors
///
/// To send a batch that was fetched from one topic unchanged to another, a mirror turns it into one
/// that a broker accepts from a producer without a transaction:
/// `Restamp::new().base_offset(0).no_producer().create_time()`. Before it clears the producer, it
/// must leave out the batches that [`ReadCommitted`](crate::ReadCommitted) does not admit: once the
/// producer is gone, no reader can tell the records of an open or aborted transaction from
/// committed ones, so **aborted records become committed**. Producers must not send control batches
/// at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restamp {
    base_offset: Option<i64>,
    partition_leader_epoch: Option<Option<i32>>,
    producer: Option<Option<ProducerInfo>>,
    timestamp_type: Option<TimestampType>,
    max_timestamp: Option<i64>,
}

impl Restamp {
    /// No changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the offset of the first record. The offsets of the other records move with it.
    #[must_use]
    pub fn base_offset(mut self, offset: i64) -> Self {
        self.base_offset = Some(offset);
        self
    }

    /// Sets the epoch of the partition's leader (KIP-101).
    #[must_use]
    pub fn partition_leader_epoch(mut self, epoch: i32) -> Self {
        self.partition_leader_epoch = Some(Some(epoch));
        self
    }

    /// Clears the epoch of the partition's leader.
    #[must_use]
    pub fn no_partition_leader_epoch(mut self) -> Self {
        self.partition_leader_epoch = Some(None);
        self
    }

    /// Sets the producer, its sequence number, and whether the batch belongs to a transaction
    /// (KIP-98).
    #[must_use]
    pub fn producer(mut self, producer: ProducerInfo) -> Self {
        self.producer = Some(Some(producer));
        self
    }

    /// Clears the producer, its sequence number and its transaction.
    ///
    /// In a batch of an open or aborted transaction this makes records committed that readers of
    /// committed records must not see.
    #[must_use]
    pub fn no_producer(mut self) -> Self {
        self.producer = Some(None);
        self
    }

    /// Sets the time of the append as the timestamp of every record, in milliseconds since 1970
    /// (`message.timestamp.type=LogAppendTime`).
    #[must_use]
    pub fn log_append_time(mut self, time: i64) -> Self {
        self.timestamp_type = Some(TimestampType::LogAppendTime);
        self.max_timestamp = Some(time);
        self
    }

    /// Restores the records' own timestamps, which their producer set
    /// (`message.timestamp.type=CreateTime`). Producers must do this even for a topic with
    /// `LogAppendTime`: Kafka answers INVALID_TIMESTAMP to other batches.
    ///
    /// The header's greatest timestamp stays that of the append, which no record has any more. A
    /// broker sets it again when it appends the batch. If you know the right value, set it with
    /// [`max_timestamp`](Self::max_timestamp).
    /// [`max_timestamp`](Self::max_timestamp).
    #[must_use]
    pub fn create_time(mut self) -> Self {
        self.timestamp_type = Some(TimestampType::CreateTime);
        self
    }

    /// Sets the greatest timestamp of the records, in milliseconds since 1970.
    #[must_use]
    pub fn max_timestamp(mut self, timestamp: i64) -> Self {
        self.max_timestamp = Some(timestamp);
        self
    }

    /// Changes the batch at the start of `bytes`. Bytes after the batch are not changed.
    ///
    /// # Errors
    /// [`Error::CutOff`] or another error about the header if there is no whole batch, and
    /// [`Error::Restamp`] if the batch is not of magic 2 or its last offset would not fit 64 bits.
    /// Nothing is changed then.
    pub fn apply(&self, bytes: &mut [u8]) -> Result<()> {
        let frame = Frame::of_whole_batch(bytes)?;
        let place = frame.place;
        if frame.magic != 2 {
            return Err(Error::Restamp {
                place,
                reason: "only batches of magic 2 can be",
            });
        }
        let batch = &mut bytes[..frame.size];
        let mut header = BatchHeader::parse(batch, frame)?;
        if let Some(offset) = self.base_offset {
            header.base_offset = offset;
        }
        let last_offset_delta = i64::from(header.last_offset_delta);
        if header.base_offset.checked_add(last_offset_delta).is_none() {
            return Err(Error::Restamp {
                place,
                reason: "its last offset would not fit 64 bits",
            });
        }
        if let Some(epoch) = self.partition_leader_epoch {
            header.partition_leader_epoch = epoch.unwrap_or(-1);
        }
        if let Some(producer) = self.producer {
            header.set_producer(producer);
        }
        if let Some(timestamp_type) = self.timestamp_type {
            header.attributes = header.attributes.with_timestamp_type(timestamp_type);
        }
        if let Some(timestamp) = self.max_timestamp {
            header.max_timestamp = timestamp;
        }
        header.overwrite(batch);
        Ok(())
    }
}
