//! `RecordWriter`: writes the records of a batch one after the other, in the memory they are sent
//! from.

use crate::batch_buffer::BatchBuffer;
use crate::encode::{self, Deltas};
use crate::error::{Error, Result};
use crate::header::HEADER_SIZE;
use crate::record::Record;

/// The records of a batch that is being built, with room in front of them for the header.
///
/// What writing a record touches comes first and fits in a line of the processor's cache: of many
/// batches that are built at the same time, none stays in the nearest cache.
#[repr(C, align(64))]
pub(crate) struct RecordWriter {
    pub(crate) end: usize,
    pub(crate) count: u32,
    pub(crate) last_offset_delta: i32,
    pub(crate) base_timestamp: i64,
    pub(crate) max_timestamp: i64,
    /// The first `end` bytes are the batch, header included.
    pub(crate) buffer: BatchBuffer,
}

impl RecordWriter {
    pub(crate) fn new() -> Self {
        Self {
            buffer: BatchBuffer::new(),
            end: HEADER_SIZE,
            count: 0,
            last_offset_delta: -1,
            base_timestamp: -1,
            max_timestamp: -1,
        }
    }

    /// Drops the records. Keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.end = HEADER_SIZE;
        self.count = 0;
        self.last_offset_delta = -1;
    }

    /// Takes the records of another writer, which keeps its memory.
    pub(crate) fn take(&mut self, other: &mut Self) {
        self.reserve(other.end);
        self.buffer.put(
            0,
            &other.buffer.as_slice()[..other.end.min(other.buffer.len())],
        );
        self.end = other.end;
        self.count = other.count;
        self.last_offset_delta = other.last_offset_delta;
        self.base_timestamp = other.base_timestamp;
        self.max_timestamp = other.max_timestamp;
        other.clear();
    }

    /// The batch, header included.
    #[inline]
    pub(crate) fn batch(&mut self) -> &mut [u8] {
        &mut self.buffer.as_mut_slice()[..self.end]
    }

    /// The offset delta of the next record if it follows without a gap.
    #[inline(always)]
    pub(crate) fn next_offset_delta(&self) -> i32 {
        self.last_offset_delta.wrapping_add(1)
    }

    #[inline(always)]
    pub(crate) fn write(&mut self, record: &Record<'_>, offset_delta: i32) -> Result<()> {
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
        // A delta that wraps is read back right; Kafka writes those of later timestamps so.
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
        let buffer = self.buffer.as_mut_slice();
        self.end = encode::write(buffer, self.end, body, record, deltas);

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

    /// The bytes that the record would take as the next one.
    pub(crate) fn len_of_next(&self, record: &Record<'_>) -> usize {
        if self.count == 0 {
            return Self::len_of_first(record);
        }
        let body = encode::body_len(
            record,
            Deltas {
                timestamp: record.timestamp.wrapping_sub(self.base_timestamp),
                offset: self.next_offset_delta(),
            },
        );
        encode::len_with_prefix(body)
    }

    /// The bytes that the record would take as the first one.
    pub(crate) fn len_of_first(record: &Record<'_>) -> usize {
        let deltas = Deltas {
            timestamp: 0,
            offset: 0,
        };
        encode::len_with_prefix(encode::body_len(record, deltas))
    }

    /// Allocates memory for a batch of `size` bytes.
    pub(crate) fn reserve(&mut self, size: usize) {
        let size = size.min(i32::MAX as usize);
        self.buffer.reserve(size + encode::SLACK);
    }

    /// Allocates memory for a record of `body` bytes.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, body: usize) -> Result<()> {
        let size = self.end + encode::len_with_prefix(body);
        if size > i32::MAX as usize {
            return Err(Error::BatchFull { size });
        }
        self.buffer.grow(self.end + body + encode::SLACK);
        Ok(())
    }
}
