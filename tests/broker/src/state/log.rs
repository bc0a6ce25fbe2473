//! [`Log`]: a partition's log, with batches as the bytes that were sent.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use libkafka_batch::BatchHeader;

use super::segment::{Segment, SegmentLimits};

/// Batches in the order of their offsets.
#[derive(Debug)]
pub(crate) struct Log {
    batches: VecDeque<Stored>,
    /// The first offset that may be read; batches that are completely before it are gone.
    start_offset: i64,
    /// The offset of the next record.
    end_offset: i64,
    /// The size of all batches, in bytes.
    size: usize,
    /// The segment that the last batch is in.
    segment: Segment,
}

/// A batch with its offset set.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) header: BatchHeader,
    pub(crate) bytes: Bytes,
    /// The number of the segment that it is in.
    segment: u32,
}

impl Log {
    pub(crate) fn new(now_ms: i64) -> Self {
        Self {
            batches: VecDeque::new(),
            start_offset: 0,
            end_offset: 0,
            size: 0,
            segment: Segment::new(0, now_ms),
        }
    }

    pub(crate) fn start_offset(&self) -> i64 {
        self.start_offset
    }

    pub(crate) fn end_offset(&self) -> i64 {
        self.end_offset
    }

    /// The size of the batches, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The batches of the log, from the first.
    pub(crate) fn batches(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        self.batches.iter()
    }

    /// The batches from the one that contains `offset`, or the next one if none does.
    pub(crate) fn batches_from(&self, offset: i64) -> impl Iterator<Item = &Stored> {
        let first = self
            .batches
            .partition_point(|batch| batch.header.last_offset() < offset);
        self.batches.range(first..)
    }

    /// Appends a batch that already has [`end_offset`](Self::end_offset).
    pub(crate) fn append(
        &mut self,
        header: BatchHeader,
        bytes: Bytes,
        limits: SegmentLimits,
        now_ms: i64,
    ) {
        self.end_offset = header.next_offset();
        self.size += bytes.len();
        self.segment.append(&header, bytes.len(), limits, now_ms);
        self.batches.push_back(Stored {
            header,
            bytes,
            segment: self.segment.number,
        });
    }

    /// Moves the start of the log forward to `offset`.
    pub(crate) fn delete_before(&mut self, offset: i64) {
        self.start_offset = self.start_offset.max(offset);
        while let Some(first) = self.batches.front()
            && first.header.last_offset() < self.start_offset
        {
            self.size -= first.bytes.len();
            self.batches.pop_front();
        }
        self.end_offset = self.end_offset.max(self.start_offset);
    }

    /// Removes every batch that has an offset of `offset` or later.
    pub(crate) fn truncate(&mut self, offset: i64) {
        while let Some(last) = self.batches.back()
            && last.header.last_offset() >= offset
        {
            self.size -= last.bytes.len();
            self.batches.pop_back();
        }
        let end = self
            .batches
            .back()
            .map_or(self.start_offset, |last| last.header.next_offset());
        self.end_offset = end.min(offset).max(end);
        self.start_offset = self.start_offset.min(self.end_offset);
        let number = self.batches.back().map_or(0, |last| last.segment);
        let kept = self.batches.iter().rev();
        let kept = kept.take_while(|batch| batch.segment == number);
        let kept = kept.map(|batch| (batch.header.max_timestamp, batch.bytes.len()));
        self.segment.truncate(number, kept);
    }

    /// The number of bytes that a read would return, at most `max_bytes`.
    pub(crate) fn readable(&self, from: i64, below: i64, max_bytes: usize) -> usize {
        let mut size = 0;
        for batch in self.range(from, below) {
            size += batch.bytes.len();
            if size >= max_bytes {
                return max_bytes;
            }
        }
        size
    }

    /// Whether the segment that contains `from` ends before `below`, so that waiting for more
    /// batches does not make a read longer.
    pub(crate) fn is_in_older_segment(&self, from: i64, below: i64) -> bool {
        let segment = |offset| {
            let next = self.batches_from(offset).next();
            next.map_or(self.segment.number, |batch| batch.segment)
        };
        segment(from) < segment(below)
    }

    /// The bytes of whole batches below the offset `below`, from the batch that contains `from` to
    /// the end of its segment, cut off at `max_bytes` wherever that is. Empty if the first batch
    /// does not fit; with `first_whole` it may exceed `max_bytes`.
    pub(crate) fn read(&self, from: i64, below: i64, max_bytes: usize, first_whole: bool) -> Bytes {
        let mut range = self.range(from, below).peekable();
        let Some(first) = range.next() else {
            return Bytes::new();
        };
        let size = first.bytes.len();
        if size > max_bytes {
            return if first_whole {
                first.bytes.clone()
            } else {
                Bytes::new()
            };
        }
        if size == max_bytes || range.peek().is_none() {
            return first.bytes.clone();
        }
        let mut out = BytesMut::with_capacity(self.readable(from, below, max_bytes));
        out.extend_from_slice(&first.bytes);
        for batch in range {
            let room = max_bytes - out.len();
            if room == 0 {
                break;
            }
            out.extend_from_slice(&batch.bytes[..batch.bytes.len().min(room)]);
        }
        out.freeze()
    }

    /// The offset after the last batch that a read of `size` bytes has reached.
    pub(crate) fn end_of_read(&self, from: i64, size: usize) -> i64 {
        let mut end = from;
        let mut left = size;
        for batch in self.batches_from(from) {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(batch.bytes.len());
            end = batch.header.next_offset();
        }
        end
    }

    /// The batches below the offset `below`, from the one that contains `from` to the end of its
    /// segment.
    fn range(&self, from: i64, below: i64) -> impl Iterator<Item = &Stored> {
        let mut batches = self.batches_from(from).peekable();
        let segment = batches.peek().map(|first| first.segment);
        batches.take_while(move |batch| {
            batch.header.last_offset() < below && Some(batch.segment) == segment
        })
    }
}
