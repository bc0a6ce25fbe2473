//! `Builder`: builds batches, each record written in place as it is added.

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

/// Builds batches of magic 2, one after the other, in memory that is used again.
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
    /// The batch has a transaction marker.
    has_marker: bool,
    /// The header of the finished batch. The next record starts another batch.
    built: Option<BatchHeader>,
}

impl Builder {
    /// A builder with the default options: of batches that are not compressed. It takes memory
    /// when it first needs it.
    pub fn new() -> Self {
        Self::with_options(BuilderOptions::new())
    }

    /// A builder with these options. It takes memory when it first needs it.
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

    /// Adds a record with the time of the system's clock and no headers. Key and value are text,
    /// bytes, an option of either, or `()` for null.
    ///
    /// If a batch was built before, this starts the next one.
    ///
    /// # Errors
    /// [`Error::BatchFull`] if the batch would pass 2 GiB; the record is not added then.
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

    /// Adds a record as it is, other than its offset, which is one after that of the record
    /// before. Its timestamp is written as it is too: unlike [`add`](Self::add), this never asks
    /// the clock.
    ///
    /// If a batch was built before, this starts the next one.
    ///
    /// # Errors
    /// [`Error::BatchFull`] if the batch would pass 2 GiB, and [`Error::TimestampDelta`] if the
    /// timestamp is further than 64 bits from that of the batch's first record; the record is not
    /// added then.
    #[inline]
    pub fn add_record(&mut self, record: &Record<'_>) -> Result<()> {
        if self.built.is_some() {
            self.clear();
        }
        let offset_delta = self.records.next_offset_delta();
        self.records.write(record, offset_delta)
    }

    /// Adds a record `offset_delta` after the base offset: for a mirror or a compaction that keeps
    /// gaps.
    ///
    /// # Errors
    /// As [`add_record`](Self::add_record), and [`Error::OffsetDelta`] if the delta is not above
    /// that of the record before.
    pub fn add_record_at(&mut self, offset_delta: i32, record: &Record<'_>) -> Result<()> {
        if self.built.is_some() {
            self.clear();
        }
        self.records.write(record, offset_delta)
    }

    /// Adds the marker that ends a transaction, committed or aborted, as a transaction coordinator
    /// writes it, and makes the batch a control batch: for brokers and their tests. Whose
    /// transaction it is, the [`producer`](BuilderOptions::producer) of the options says.
    ///
    /// # Errors
    /// As [`add_record`](Self::add_record), and [`Error::MarkerAmongRecords`] if the batch has
    /// ordinary records.
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

    /// Bytes of the batch so far, exactly: header and records, not compressed until
    /// [`build`](Self::build) and as built from then on.
    pub fn size(&self) -> usize {
        self.records.end
    }

    /// Bytes that the batch would have with `record` added by [`add_record`](Self::add_record),
    /// exactly: for a caller who must stop before `max.message.bytes`.
    ///
    /// It depends on the record's timestamp, so give the one that will be added: a record that
    /// [`add`](Self::add) would add has the time of the clock.
    pub fn size_with(&self, record: &Record<'_>) -> usize {
        if self.built.is_some() {
            return HEADER_SIZE + RecordWriter::len_of_first(record);
        }
        self.records.end + self.records.len_of_next(record)
    }

    /// An estimate of the batch's size once compressed, by the ratio of the batch before. The
    /// exact size if there is no compressor.
    pub fn estimated_size(&self) -> usize {
        if self.built.is_some() || self.options.compressor.is_none() {
            return self.records.end;
        }
        HEADER_SIZE + self.compressed.estimate(self.records.end - HEADER_SIZE)
    }

    /// Bytes of memory that the builder holds for its batches, [`reserve`](Self::reserve)d or taken
    /// as they were needed. What a compressor holds is not in it.
    pub fn capacity(&self) -> usize {
        self.records.buffer.capacity()
    }

    /// Takes memory for a batch of `size` bytes and for little more, so that none is taken until
    /// the batch is larger. Without it, memory doubles as the batch grows.
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

    /// How many records the batch has.
    pub fn len(&self) -> usize {
        self.records.count as usize
    }

    /// Whether the batch has no records.
    pub fn is_empty(&self) -> bool {
        self.records.count == 0
    }

    /// Finishes the batch: compresses its records if there is a compressor, writes its header
    /// and checksum, and returns all of it. The next record that is added starts another batch.
    ///
    /// Called again before that, it returns the same batch again.
    ///
    /// # Errors
    /// [`Error::Empty`] without a record, and [`Error::Compress`] if the compressor fails.
    pub fn build(&mut self) -> Result<&[u8]> {
        self.finish(self.options.producer)?;
        Ok(self.records.batch())
    }

    /// Finishes the batch as [`build`](Self::build) does and gives it away without a copy.
    ///
    /// The builder uses the memory again once every `Bytes` of it is dropped, and keeps an owner
    /// of it to see that: so [`Bytes::try_into_mut`] fails, and who wants to
    /// [`Restamp`](crate::Restamp) the batch must copy it. To number batches of an idempotent
    /// producer, use [`build_numbered`](Self::build_numbered), which does not copy.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_bytes(&mut self) -> Result<Bytes> {
        self.finish(self.options.producer)?;
        Ok(self.give())
    }

    /// Finishes the batch with the id, epoch and next sequence number of an idempotent or
    /// transactional producer (KIP-98), gives it away without a copy as
    /// [`build_bytes`](Self::build_bytes) does, and moves [`ProducerInfo::base_sequence`] on to the
    /// number of the batch after it.
    ///
    /// Batches must be sent in the order in which they were numbered. To send one again, send the
    /// same bytes.
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
    /// As [`build`](Self::build); no number is taken then.
    pub fn build_numbered(&mut self, producer: &mut ProducerInfo) -> Result<Bytes> {
        self.finish(Some(*producer))?;
        producer.base_sequence = self.built.and_then(|header| header.next_sequence());
        Ok(self.give())
    }

    /// Drops the records, built or not, and keeps the memory and the options.
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

    /// Makes the batch whole, and its header name `producer`.
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

/// Milliseconds since 1970 by the system's clock; 0 if it is set to before that.
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
