//! Builds batches, each record written in place as it is added.

use std::fmt;
use std::mem;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};

use crate::codec::Compressor;
use crate::encode::{self, Deltas};
use crate::error::{Error, Result};
use crate::header::{HEADER_SIZE, LOG_OVERHEAD, field};
use crate::record::{Field, Record};
use crate::{Attributes, Compression, Control, Producer, TimestampType, crc};

/// Builds batches of magic 2, one after the other, in memory that is used again.
///
/// What a batch's header says is in the public fields; they stay as they are from batch to batch,
/// and are read when a batch is built.
///
/// ```
/// use libkafka_batch::{Builder, Record};
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// builder.add((), b"null key, bytes as value")?;
/// builder.add_record(&Record { key: Some(b"key"), timestamp: 1_700_000_000_000, ..Record::default() })?;
/// assert_eq!(builder.build()?.len(), builder.size());
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
pub struct Builder {
    /// The offset of the first record. A producer leaves 0: the broker decides.
    pub base_offset: i64,
    /// The epoch of the partition's leader. A producer leaves -1: the broker decides.
    pub partition_leader_epoch: i32,
    /// Who produces the batch, for an idempotent or transactional producer (KIP-98).
    pub producer: Option<Producer>,
    /// Whether the records are control records: for brokers and their tests.
    pub control: bool,
    /// The time of the append, in milliseconds since 1970, to stand for that of every record: for
    /// brokers and their tests. A producer leaves `None`.
    pub log_append_time: Option<i64>,
    /// Leave the records as they are where compressing them does not make them smaller.
    pub only_when_smaller: bool,

    /// All of it initialised; the first `end` bytes are the batch, header included.
    buffer: BytesMut,
    /// The buffer of the batch that was given away last. It comes back, still initialised, once
    /// nobody else has it.
    lent: Bytes,
    end: usize,
    count: u32,
    last_offset_delta: i32,
    base_timestamp: i64,
    max_timestamp: i64,
    /// The batch is finished and the next record starts another.
    built: bool,

    compressor: Option<Box<dyn Compressor + Send>>,
    packed: Vec<u8>,
    /// What the last compressed batch came to, over what it was before.
    ratio: f64,
}

impl Builder {
    /// A builder of batches that are not compressed. It takes memory when it first needs it.
    pub fn new() -> Self {
        Self {
            base_offset: 0,
            partition_leader_epoch: -1,
            producer: None,
            control: false,
            log_append_time: None,
            only_when_smaller: false,
            buffer: BytesMut::new(),
            lent: Bytes::new(),
            end: HEADER_SIZE,
            count: 0,
            last_offset_delta: -1,
            base_timestamp: -1,
            max_timestamp: -1,
            built: false,
            compressor: None,
            packed: Vec::new(),
            ratio: 1.0,
        }
    }

    /// Compresses batches with `compressor` from now on.
    pub fn set_compressor(&mut self, compressor: impl Compressor + Send + 'static) {
        self.compressor = Some(Box::new(compressor));
        self.ratio = 1.0;
    }

    /// Adds a record with the time of the system's clock and no headers. Key and value are text,
    /// bytes, an option of either, or `()` for null.
    ///
    /// If a batch was built before, this starts the next one.
    ///
    /// # Errors
    /// Where the batch would pass 2 GiB; the record is not added then.
    #[inline]
    pub fn add<'a>(
        &mut self,
        key: impl Into<Field<'a>>,
        value: impl Into<Field<'a>>,
    ) -> Result<()> {
        let record = Record {
            timestamp: now(),
            key: key.into().0,
            value: value.into().0,
            ..Record::default()
        };
        self.add_record(&record)
    }

    /// Adds a record as it is, other than its offset, which is one after that of the record before.
    ///
    /// If a batch was built before, this starts the next one.
    ///
    /// # Errors
    /// Where the batch would pass 2 GiB, and where the timestamp is further than 64 bits from that
    /// of the batch's first record; the record is not added then.
    #[inline]
    pub fn add_record(&mut self, record: &Record<'_>) -> Result<()> {
        if self.built {
            self.clear();
        }
        self.write(record, self.last_offset_delta.wrapping_add(1))
    }

    /// Adds a record `offset_delta` after the base offset: for a mirror or a compaction that keeps
    /// gaps.
    ///
    /// # Errors
    /// As [`add_record`](Self::add_record), and where the delta is not above that of the record
    /// before.
    pub fn add_record_at(&mut self, offset_delta: i32, record: &Record<'_>) -> Result<()> {
        if self.built {
            self.clear();
        }
        self.write(record, offset_delta)
    }

    /// Adds the marker that ends a transaction, committed or aborted, as a transaction coordinator
    /// writes it: for brokers and their tests. [`control`](Self::control) must be set, and a
    /// transactional [`producer`](Self::producer) is whose transaction it is.
    ///
    /// # Errors
    /// As [`add_record`](Self::add_record).
    pub fn add_end_transaction(
        &mut self,
        commit: bool,
        coordinator_epoch: i32,
        timestamp: i64,
    ) -> Result<()> {
        let kind = if commit {
            Control::COMMIT
        } else {
            Control::ABORT
        };
        let [high, low] = kind.to_be_bytes();
        let mut value = [0; 6];
        value[2..].copy_from_slice(&coordinator_epoch.to_be_bytes());
        self.add_record(&Record {
            timestamp,
            key: Some(&[0, 0, high, low]),
            value: Some(&value),
            ..Record::default()
        })
    }

    #[inline(always)]
    fn write(&mut self, record: &Record<'_>, offset_delta: i32) -> Result<()> {
        if offset_delta <= self.last_offset_delta {
            return Err(Error::OffsetDelta {
                delta: offset_delta,
                last: self.last_offset_delta,
            });
        }
        let first = self.count == 0;
        let base = if first {
            record.timestamp
        } else {
            self.base_timestamp
        };
        let (timestamp, wrapped) = record.timestamp.overflowing_sub(base);
        // A delta that wraps is read back where the timestamp is not negative, as Kafka's are.
        if wrapped && record.timestamp < 0 {
            return Err(Error::TimestampDelta {
                timestamp: record.timestamp,
                base,
            });
        }
        let deltas = Deltas {
            timestamp,
            offset: offset_delta,
        };
        let body = encode::body_len(record, deltas);
        if self.buffer.len() < self.end + body + encode::SLACK {
            self.make_room(body)?;
        }
        self.end = encode::write(&mut self.buffer, self.end, body, record, deltas);

        self.base_timestamp = base;
        self.max_timestamp = if first {
            record.timestamp
        } else {
            self.max_timestamp.max(record.timestamp)
        };
        self.last_offset_delta = offset_delta;
        self.count += 1;
        Ok(())
    }

    /// Bytes of the batch as it stands, exactly: header and records, not compressed until
    /// [`build`](Self::build) and as built from then on.
    pub fn size(&self) -> usize {
        self.end
    }

    /// Bytes that the batch would have with `record` added by [`add_record`](Self::add_record),
    /// exactly: for a caller who must stop before `max.message.bytes`.
    pub fn size_with(&self, record: &Record<'_>) -> usize {
        let (end, count) = if self.built {
            (HEADER_SIZE, 0)
        } else {
            (self.end, self.count)
        };
        let base = if count == 0 {
            record.timestamp
        } else {
            self.base_timestamp
        };
        let offset = if count == 0 {
            0
        } else {
            self.last_offset_delta.wrapping_add(1)
        };
        let body = encode::body_len(
            record,
            Deltas {
                timestamp: record.timestamp.wrapping_sub(base),
                offset,
            },
        );
        end + encode::len_with_prefix(body)
    }

    /// An estimate, and no more, of what the batch will be once compressed: it takes the ratio of
    /// the batch before. The exact size where there is no compressor.
    pub fn estimated_size(&self) -> usize {
        if self.built || self.compressor.is_none() {
            return self.end;
        }
        HEADER_SIZE + ((self.end - HEADER_SIZE) as f64 * self.ratio).ceil() as usize
    }

    /// How many records the batch has.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether the batch has no records.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Finishes the batch: compresses its records where there is a compressor, writes its header
    /// and checksum, and gives all of it. The next record that is added starts another batch.
    ///
    /// Asked again before that, it gives the same batch again.
    ///
    /// # Errors
    /// [`Error::Empty`] without a record, and where the compressor fails.
    pub fn build(&mut self) -> Result<&[u8]> {
        if !self.built {
            if self.count == 0 {
                return Err(Error::Empty);
            }
            let compression = self.compress()?;
            self.write_header(compression);
            self.built = true;
        }
        Ok(&self.buffer[..self.end])
    }

    /// Finishes the batch as [`build`](Self::build) does and gives it away without a copy. Once
    /// the `Bytes` is dropped, the builder takes its memory back when it next needs some.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_bytes(&mut self) -> Result<Bytes> {
        self.build()?;
        self.lent = mem::take(&mut self.buffer).freeze();
        let batch = self.lent.slice(..self.end);
        self.clear();
        Ok(batch)
    }

    /// Drops the records, built or not, and keeps the memory and the fields.
    pub fn clear(&mut self) {
        self.end = HEADER_SIZE;
        self.count = 0;
        self.last_offset_delta = -1;
        self.built = false;
    }

    /// Takes memory for a record of `body` bytes, amortised.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, body: usize) -> Result<()> {
        let size = self.end + encode::len_with_prefix(body);
        if size > i32::MAX as usize {
            return Err(Error::BatchFull { size });
        }
        let needed = self.end + body + encode::SLACK;
        let mut usual = self.buffer.len() * 2;
        if self.buffer.is_empty() {
            usual = self.lent.len();
            if let Ok(buffer) = mem::take(&mut self.lent).try_into_mut() {
                self.buffer = buffer;
            }
        }
        if self.buffer.len() < needed {
            let len = needed.max(usual).next_multiple_of(4096);
            self.buffer.resize(len, 0);
            // Has its owners counted from now on, which otherwise begins anew with each batch.
            drop(self.buffer.split_off(len));
        }
        Ok(())
    }

    fn compress(&mut self) -> Result<Compression> {
        let Some(compressor) = &mut self.compressor else {
            return Ok(Compression::None);
        };
        let compression = compressor.compression();
        let plain = self.end - HEADER_SIZE;
        self.packed.clear();
        compressor
            .compress(&self.buffer[HEADER_SIZE..self.end], &mut self.packed)
            .map_err(|source| Error::Compress {
                compression,
                source,
            })?;
        let packed = self.packed.len();
        self.ratio = packed as f64 / plain as f64;
        if self.only_when_smaller && packed >= plain {
            self.ratio = 1.0;
            return Ok(Compression::None);
        }
        let end = HEADER_SIZE + packed;
        if end > i32::MAX as usize {
            return Err(Error::BatchFull { size: end });
        }
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        self.buffer[HEADER_SIZE..end].copy_from_slice(&self.packed);
        self.end = end;
        Ok(compression)
    }

    fn write_header(&mut self, compression: Compression) {
        let producer = self.producer.unwrap_or(Producer {
            id: -1,
            epoch: -1,
            base_sequence: -1,
            transactional: false,
        });
        let Attributes(attributes) = Attributes::default()
            .with_compression(compression)
            .with_timestamp_type(match self.log_append_time {
                Some(_) => TimestampType::LogAppendTime,
                None => TimestampType::CreateTime,
            })
            .with_transactional(producer.transactional)
            .with_control(self.control);

        let batch = &mut self.buffer[..self.end];
        batch[field::BASE_OFFSET].copy_from_slice(&self.base_offset.to_be_bytes());
        batch[field::LENGTH].copy_from_slice(&((self.end - LOG_OVERHEAD) as i32).to_be_bytes());
        batch[field::PARTITION_LEADER_EPOCH]
            .copy_from_slice(&self.partition_leader_epoch.to_be_bytes());
        batch[field::MAGIC] = 2;
        batch[field::ATTRIBUTES].copy_from_slice(&attributes.to_be_bytes());
        batch[field::LAST_OFFSET_DELTA].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        batch[field::BASE_TIMESTAMP].copy_from_slice(&self.base_timestamp.to_be_bytes());
        let max_timestamp = self.log_append_time.unwrap_or(self.max_timestamp);
        batch[field::MAX_TIMESTAMP].copy_from_slice(&max_timestamp.to_be_bytes());
        batch[field::PRODUCER_ID].copy_from_slice(&producer.id.to_be_bytes());
        batch[field::PRODUCER_EPOCH].copy_from_slice(&producer.epoch.to_be_bytes());
        batch[field::BASE_SEQUENCE].copy_from_slice(&producer.base_sequence.to_be_bytes());
        batch[field::RECORD_COUNT].copy_from_slice(&self.count.to_be_bytes());
        let crc = crc::crc32c(&batch[field::CHECKED..]);
        batch[field::CRC].copy_from_slice(&crc.to_be_bytes());
    }
}

/// Milliseconds since 1970 by the system's clock; 0 where it is set to before that.
fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("records", &self.count)
            .field("size", &self.end)
            .field(
                "compression",
                &self.compressor.as_ref().map(|c| c.compression()),
            )
            .finish_non_exhaustive()
    }
}
