//! Filling a `BatchQueue`: with records, and with batches that were built elsewhere.

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, Record};

use super::BatchQueue;
use crate::producer::delivery::{Closed, Tries};
use crate::producer::queued_batch::{Batch, Open, Push, Pushed, Stage};

/// The most bytes that a record without headers takes beyond those of its key and its value.
const RECORD_OVERHEAD: usize = 40;

/// The smallest memory of an open batch, in bytes.
const FIRST_MEMORY: usize = 378;

impl BatchQueue {
    /// Adds a record to the open batch, if it has room and memory for it: the common case.
    ///
    /// # Errors
    /// The errors of [`push`](Self::push).
    #[inline]
    pub(crate) fn push_at_once(
        &mut self,
        record: &Record<'_>,
    ) -> Result<Option<Pushed>, libkafka_batch::Error> {
        let Some(open) = &mut self.open else {
            return Ok(None);
        };
        let fields = record.key.map_or(0, <[u8]>::len) + record.value.map_or(0, <[u8]>::len);
        let most = fields + RECORD_OVERHEAD;
        if open.builder.size() + most > open.limit || !record.headers.is_empty() {
            return Ok(None);
        }
        open.add(record).map(Some)
    }

    /// Adds a record to the open batch, which is first closed if it has no room for it.
    ///
    /// # Errors
    /// If no batch can hold the record. Nothing but the record is lost then.
    pub(crate) fn push(&mut self, record: &Record<'_>) -> Result<Push, libkafka_batch::Error> {
        if self.is_shut {
            return Ok(Push::Shut);
        }
        let batch_bytes = self.options.batch_bytes;
        if let Some(open) = &mut self.open {
            let size = open.builder.size_with(record);
            if size <= open.limit {
                return open.add(record).map(Push::Done);
            }
            if size <= batch_bytes {
                let memory = match open.limit.saturating_mul(4) {
                    // Not to grow once more for the little that is left.
                    next if next > batch_bytes / 2 => batch_bytes,
                    next => size.max(next),
                };
                return Ok(Push::NoMemory(memory));
            }
            self.close(Closed::Full);
        }
        let size = Builder::new().size_with(record);
        // A little more, since taking more later means to move what is there.
        let usual = self.usual + self.usual / 4;
        let usual = usual.clamp(FIRST_MEMORY.min(batch_bytes), batch_bytes);
        Ok(Push::NotOpen(size.max(usual)))
    }

    /// Opens a batch in the memory of this builder, of which `held` bytes count.
    pub(crate) fn open(
        &mut self,
        mut builder: Box<Builder>,
        memory: usize,
        held: usize,
        now: Instant,
    ) {
        debug_assert!(self.open.is_none());
        builder.reserve(memory);
        self.open = Some(Open {
            id: self.next_id,
            builder,
            limit: memory,
            held,
            opened: now,
        });
        self.next_id += 1;
    }

    /// Gives the open batch more memory: `memory` bytes in all, of which `held` more count.
    pub(crate) fn grow(&mut self, memory: usize, held: usize) {
        if let Some(open) = &mut self.open {
            open.builder.reserve(memory);
            open.limit = memory;
            open.held += held;
        }
    }

    /// The open batch and when it was opened.
    pub(crate) fn open_batch(&self) -> Option<(u64, Instant)> {
        self.open.as_ref().map(|open| (open.id, open.opened))
    }

    /// The size up to which the open batch has memory, in bytes.
    pub(crate) fn open_limit(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.limit)
    }

    /// Whether it accepts no more records.
    pub(crate) fn is_shut(&self) -> bool {
        self.is_shut
    }

    /// Whether a record of this many bytes would close the open batch.
    pub(crate) fn is_full_for(&self, bytes: usize) -> bool {
        let room = |open: &Open| open.builder.size() + bytes <= self.options.batch_bytes;
        !self.open.as_ref().is_some_and(room)
    }

    /// Makes it accept no more records.
    pub(crate) fn shut(&mut self) {
        self.is_shut = true;
        self.close(Closed::Flush);
    }

    /// Adds a batch that was built elsewhere, after everything that was pushed before.
    pub(crate) fn push_batch(&mut self, batch: Bytes, records: u32, now: Instant) -> Pushed {
        self.close(Closed::Flush);
        let id = self.next_id;
        self.next_id += 1;
        self.batches.push_back(Box::new(Batch {
            id,
            records,
            uncompressed_bytes: batch.len(),
            held: batch.len(),
            opened: now,
            closed: Closed::ReadyMade,
            expires: now + self.options.delivery_time,
            sequence: None,
            stage: Stage::Ready(batch),
            spent: None,
            build_time: Duration::ZERO,
            tries: Tries::default(),
            in_doubt: false,
        }));
        Pushed {
            batch: id,
            index: 0,
        }
    }

    /// Closes the open batch, if there is one.
    pub(crate) fn close(&mut self, closed: Closed) {
        // One without a record is left for those to come.
        let Some(open) = self.open.take_if(|open| !open.builder.is_empty()) else {
            return;
        };
        self.usual = open.builder.size().max(self.usual - self.usual / 8);
        self.batches.push_back(Box::new(Batch {
            id: open.id,
            records: open.builder.len() as u32,
            uncompressed_bytes: open.builder.size(),
            held: open.held,
            opened: open.opened,
            closed,
            expires: open.opened + self.options.delivery_time,
            sequence: None,
            stage: Stage::Closed(open.builder),
            spent: None,
            build_time: Duration::ZERO,
            tries: Tries::default(),
            in_doubt: false,
        }));
    }
}
