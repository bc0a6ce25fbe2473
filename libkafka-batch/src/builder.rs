//! `Builder`: builds batches, writing each record in place as it is added.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::attributes::{Attributes, Compression, TimestampType};
use crate::builder_options::BuilderOptions;
use crate::compressed_records::CompressedRecords;
use crate::control_type::ControlRecordType;
use crate::error::{Error, Result};
use crate::frame::LOG_OVERHEAD;
use crate::header::{BatchHeader, HEADER_SIZE, ProducerInfo};
use crate::record::{Field, Record};
use crate::record_writer::RecordWriter;

mod build_from;
mod take_records;

/// Builds batches of magic 2, one after the other, in memory that it reuses.
///
/// ```
/// use libkafka_batch::{Builder, Record};
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// builder.add((), b"null key, bytes as value")?;
/// let timestamp = 1_700_000_000_000;
/// builder.add_record(&Record { key: Some(b"key"), timestamp, ..Record::default() })?;
/// assert_eq!(builder.build()?.len(), builder.size());
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
pub struct Builder {
    options: BuilderOptions,
    records: RecordWriter,
    compressed: CompressedRecords,
    /// Whether the batch has a transaction marker.
    has_marker: bool,
    /// The header of the finished batch. The next record starts another batch.
    built: Option<BatchHeader>,
}

impl Builder {
    /// Makes a builder with the default options, which do not compress. It allocates memory when it
    /// first needs it.
    pub fn new() -> Self {
        Self::with_options(BuilderOptions::new())
    }

    /// Makes a builder with these options. It allocates memory when it first needs it.
    pub fn with_options(options: BuilderOptions) -> Self {
        Self {
            options,
            records: RecordWriter::new(),
            compressed: CompressedRecords::new(),
            has_marker: false,
            built: None,
        }
    }

    /// The options that the builder was made with.
    pub fn options(&self) -> &BuilderOptions {
        &self.options
    }

    /// Adds a record with the current time of the system clock and no headers. Key and value are
    /// text, bytes, an option of either, or `()` for null.
    ///
    /// If the previous batch has been built, this starts the next one.
    ///
    /// # Errors
    /// [`Error::BatchFull`] if the batch would exceed 2 GiB. The record is not added then.
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

    /// Adds a record exactly as given, except for its offset, which is one after that of the
    /// previous record. The timestamp is written as it is, too: unlike [`add`](Self::add), this
    /// never asks the clock.
    ///
    /// If the previous batch has been built, this starts the next one.
    ///
    /// # Errors
    /// [`Error::BatchFull`] if the batch would exceed 2 GiB, and [`Error::TimestampDelta`] if the
    /// timestamp is further than 64 bits from that of the batch's first record. The record is not
    /// added then.
    #[inline]
    pub fn add_record(&mut self, record: &Record<'_>) -> Result<()> {
        if self.built.is_some() {
            self.clear();
        }
        let offset_delta = self.records.next_offset_delta();
        self.records.write(record, offset_delta)
    }

    /// Adds a record at `offset_delta` after the base offset. Use it in a mirror or a compaction
    /// that preserves gaps.
    ///
    /// # Errors
    /// The errors of [`add_record`](Self::add_record), and [`Error::OffsetDelta`] if the delta is
    /// not greater than that of the previous record.
    /// that of the record before.
    pub fn add_record_at(&mut self, offset_delta: i32, record: &Record<'_>) -> Result<()> {
        if self.built.is_some() {
            self.clear();
        }
        self.records.write(record, offset_delta)
    }

    /// Adds the marker that ends a transaction, committed or aborted, as a transaction coordinator
    /// writes it, and makes the batch a control batch. It is meant for brokers and their tests. The
    /// [`producer`](BuilderOptions::producer) of the options says whose transaction it is.
    ///
    /// # Errors
    /// The errors of [`add_record`](Self::add_record), and [`Error::MarkerAmongRecords`] if the
    /// batch has ordinary records.
    pub fn add_end_transaction(
        &mut self,
        commit: bool,
        coordinator_epoch: i32,
        timestamp: i64,
    ) -> Result<()> {
        if self.built.is_some() {
            self.clear();
        }
        if self.records.count > 0 && !self.is_control() {
            return Err(Error::MarkerAmongRecords);
        }
        let ControlRecordType(kind) = if commit {
            ControlRecordType::COMMIT
        } else {
            ControlRecordType::ABORT
        };
        let [high, low] = kind.to_be_bytes();
        let mut value = [0; 6];
        value[2..].copy_from_slice(&coordinator_epoch.to_be_bytes());
        self.add_record(&Record {
            timestamp,
            key: Some(&[0, 0, high, low]),
            value: Some(&value),
            ..Record::default()
        })?;
        self.has_marker = true;
        Ok(())
    }

    /// The exact size of the batch so far, in bytes, header included: uncompressed until
    /// [`build`](Self::build) is called, and the built size from then on.
    pub fn size(&self) -> usize {
        self.records.end
    }

    /// The exact size that the batch would have after [`add_record`](Self::add_record) of `record`,
    /// in bytes, for a caller that must stay below `max.message.bytes`.
    ///
    /// The size depends on the record's timestamp, so pass the one that will be added: a record
    /// added by [`add`](Self::add) has the time of the clock.
    pub fn size_with(&self, record: &Record<'_>) -> usize {
        if self.built.is_some() {
            return HEADER_SIZE + RecordWriter::len_of_first(record);
        }
        self.records.end + self.records.len_of_next(record)
    }

    /// An estimate of the batch's size once compressed, in bytes, from the ratio of the previous
    /// batch. Without a compressor it is the exact size.
    pub fn estimated_size(&self) -> usize {
        if self.built.is_some() || self.options.compressor.is_none() {
            return self.records.end;
        }
        HEADER_SIZE + self.compressed.estimate(self.records.end - HEADER_SIZE)
    }

    /// Memory that the builder holds for its batches, in bytes, whether [`reserve`](Self::reserve)d
    /// or allocated as needed. It does not include the memory of a compressor.
    pub fn capacity(&self) -> usize {
        self.records.buffer.capacity()
    }

    /// Allocates memory for a batch of `size` bytes and little more, so that the builder does not
    /// allocate again until the batch is larger. Without it, the memory doubles as the batch grows.
    ///
    /// ```
    /// let mut builder = libkafka_batch::Builder::new();
    /// builder.reserve(16_000);
    /// let capacity = builder.capacity();
    /// while builder.size() < 15_000 {
    ///     builder.add("key", "value")?;
    /// }
    /// assert_eq!(builder.capacity(), capacity);
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    pub fn reserve(&mut self, size: usize) {
        self.records.reserve(size);
    }

    /// The number of records in the batch.
    pub fn len(&self) -> usize {
        self.records.count as usize
    }

    /// Whether the batch has no records.
    pub fn is_empty(&self) -> bool {
        self.records.count == 0
    }

    /// Finishes the batch and returns it: compresses its records if there is a compressor, and
    /// writes the header and the checksum. The next record that is added starts another batch.
    ///
    /// Calling it again before that returns the same batch.
    ///
    /// # Errors
    /// [`Error::Empty`] if the batch has no records, and [`Error::Compress`] if the compressor
    /// fails.
    pub fn build(&mut self) -> Result<&[u8]> {
        self.finish(self.options.producer)?;
        Ok(self.records.batch())
    }

    /// Finishes the batch as [`build`](Self::build) does, and returns it as `Bytes` without copying
    /// it.
    ///
    /// The builder reuses the memory once every `Bytes` of it has been dropped. To notice that, it
    /// keeps a reference of its own, so [`Bytes::try_into_mut`] fails: to
    /// [`Restamp`](crate::Restamp) the batch you must copy it. To number the batches of an
    /// idempotent producer, use [`build_numbered`](Self::build_numbered), which does not copy.
    ///
    /// # Errors
    /// The errors of [`build`](Self::build).
    pub fn build_bytes(&mut self) -> Result<Bytes> {
        self.finish(self.options.producer)?;
        Ok(self.give())
    }

    /// Finishes the batch with the id, the epoch and the next sequence number of an idempotent or
    /// transactional producer (KIP-98), and returns it without copying it, as
    /// [`build_bytes`](Self::build_bytes) does. It then advances [`ProducerInfo::base_sequence`] to
    /// the number of the next batch.
    ///
    /// Send batches in the order in which they were numbered. To retry a batch, send the same bytes
    /// again.
    ///
    /// ```
    /// use libkafka_batch::{Batch, Builder, ProducerInfo};
    ///
    /// // Id and epoch come from InitProducerId; a new producer starts at 0.
    /// let base_sequence = Some(0);
    /// let mut producer = ProducerInfo { id: 4000, epoch: 0, base_sequence, transactional: false };
    ///
    /// let mut builder = Builder::new();
    /// builder.add("key", "first")?;
    /// builder.add("key", "second")?;
    /// let batch = builder.build_numbered(&mut producer)?;
    /// assert_eq!(Batch::parse(&batch)?.header.base_sequence, 0);
    /// assert_eq!(producer.base_sequence, Some(2));
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`build`](Self::build). No sequence number is used up then.
    pub fn build_numbered(&mut self, producer: &mut ProducerInfo) -> Result<Bytes> {
        self.finish(Some(*producer))?;
        producer.base_sequence = self.built.and_then(|header| header.next_sequence());
        Ok(self.give())
    }

    /// Drops the records, built or not. Keeps the memory and the options.
    pub fn clear(&mut self) {
        self.records.clear();
        self.has_marker = false;
        self.built = None;
    }

    fn give(&mut self) -> Bytes {
        let batch = self.records.buffer.give(self.records.end);
        self.clear();
        batch
    }

    fn is_control(&self) -> bool {
        self.options.control || self.has_marker
    }

    /// Finishes the batch, with `producer` in its header.
    fn finish(&mut self, producer: Option<ProducerInfo>) -> Result<()> {
        if let Some(header) = &mut self.built {
            if header.producer() != producer {
                header.set_producer(producer);
                header.overwrite(self.records.batch());
            }
        } else if self.records.count == 0 {
            return Err(Error::Empty);
        } else {
            let compression = self.compress()?;
            let header = self.header(compression, producer);
            self.built.insert(header).seal(self.records.batch());
        }
        Ok(())
    }

    fn compress(&mut self) -> Result<Compression> {
        if self.options.compressor.is_none() {
            return Ok(Compression::None);
        }
        let writer = &mut self.records;
        let records = &writer.buffer.as_slice()[HEADER_SIZE..writer.end];
        let compressed = self.compressed.compress(records, &mut self.options)?;
        let Some((compression, bytes)) = compressed else {
            return Ok(Compression::None);
        };
        let end = HEADER_SIZE + bytes.len();
        if end > i32::MAX as usize {
            return Err(Error::BatchFull { size: end });
        }
        writer.buffer.put(HEADER_SIZE, bytes);
        writer.end = end;
        Ok(compression)
    }

    /// The header of the batch, without its checksum.
    #[inline]
    fn header(&self, compression: Compression, producer: Option<ProducerInfo>) -> BatchHeader {
        let options = &self.options;
        let timestamp_type = match options.log_append_time {
            Some(_) => TimestampType::LogAppendTime,
            None => TimestampType::CreateTime,
        };
        let mut header = BatchHeader {
            base_offset: options.base_offset,
            batch_length: (self.records.end - LOG_OVERHEAD) as i32,
            partition_leader_epoch: options.partition_leader_epoch.unwrap_or(-1),
            magic: 2,
            crc: 0,
            attributes: Attributes::default()
                .with_compression(compression)
                .with_timestamp_type(timestamp_type)
                .with_control(self.is_control()),
            last_offset_delta: self.records.last_offset_delta,
            base_timestamp: self.records.base_timestamp,
            max_timestamp: options
                .log_append_time
                .unwrap_or(self.records.max_timestamp),
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            record_count: self.records.count as i32,
        };
        header.set_producer(producer);
        header
    }
}

/// Milliseconds since 1970 by the system clock; 0 if it is set to an earlier time.
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
            .field("options", &self.options)
            .field("records", &self.records.count)
            .field("size", &self.records.end)
            .finish_non_exhaustive()
    }
}
