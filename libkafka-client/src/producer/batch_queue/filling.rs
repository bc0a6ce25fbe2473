//! Filling a `BatchQueue`: with records, and with batches that were built elsewhere.

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, Record};

use super::{BatchQueue, QueueOptions};
use crate::producer::delivery::{Closed, Tries};
use crate::producer::memory::SLACK;
use crate::producer::queued_batch::{Batch, Open, Push, Pushed, Stage};

/// The most bytes that a record without headers takes beyond those of its key and its value.
const RECORD_OVERHEAD: usize = 40;

/// The smallest memory of an open batch, in bytes.
const FIRST_MEMORY: usize = 378;

impl QueueOptions {
    /// The memory for a batch of at least `size` bytes. There are few sizes, so that buffers fit
    /// other batches too: halves of the largest again and again, and three quarters of each.
    pub(crate) fn memory_for(&self, size: usize) -> usize {
        let size = size.max(FIRST_MEMORY);
        let mut memory = self.batch_bytes.max(size);
        let (mut part, mut smaller) = (self.batch_bytes / 4 * 3, self.batch_bytes / 2);
        while part.saturating_sub(SLACK) >= size {
            memory = part - SLACK;
            (part, smaller) = (smaller, part / 2);
        }
        memory
    }
}

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
                return Ok(Push::NoMemory(self.options.memory_for(size)));
            }
            self.close(Closed::Full);
        }
        let size = Builder::new().size_with(record);
        // A little more, since taking more later means to move what is there.
        let usual = (self.usual + self.usual / 4).min(batch_bytes);
        Ok(Push::NotOpen(self.options.memory_for(size.max(usual))))
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
            limit: memory.max(self.limit_of(&builder)),
            builder,
            held,
            opened: now,
        });
        self.next_id += 1;
    }

    /// Moves the open batch to the memory of this builder, of which `held` bytes count. Returns the
    /// builder that it was in.
    pub(crate) fn grow(
        &mut self,
        mut builder: Box<Builder>,
        memory: usize,
        held: usize,
    ) -> Box<Builder> {
        builder.reserve(memory);
        let limit = memory.max(self.limit_of(&builder));
        if let Some(open) = &mut self.open {
            builder.take_records(&mut open.builder);
            std::mem::swap(&mut open.builder, &mut builder);
            open.limit = limit;
            open.held = held;
        }
        builder
    }

    /// The size up to which a batch has memory in a builder.
    fn limit_of(&self, builder: &Builder) -> usize {
        let memory = builder.capacity().saturating_sub(SLACK);
        memory.min(self.options.batch_bytes)
    }

    /// When the open batch was opened, if there is one.
    pub(crate) fn opened(&self) -> Option<Instant> {
        self.open.as_ref().map(|open| open.opened)
    }

    /// The memory that counts for the open batch, in bytes.
    pub(crate) fn open_held(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.held)
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

    /// Adds a batch that was built elsewhere, after everything that was pushed before. `held` bytes
    /// of memory count for it.
    pub(crate) fn push_batch(
        &mut self,
        batch: Bytes,
        records: u32,
        held: usize,
        now: Instant,
    ) -> Pushed {
        self.close(Closed::Flush);
        let id = self.next_id;
        self.next_id += 1;
        self.enqueue(Batch {
            id,
            records,
            uncompressed_bytes: batch.len(),
            held,
            opened: now,
            closed: Closed::ReadyMade,
            expires: now + self.options.delivery_time,
            sequence: None,
            stage: Stage::Ready(batch),
            spent: None,
            build_time: Duration::ZERO,
            tries: Tries::default(),
            in_doubt: false,
        });
        Pushed {
            batch: id,
            index: 0,
        }
    }

    fn enqueue(&mut self, batch: Batch) {
        // Most queues have one or two at a time, and there are many queues.
        if self.batches.len() < 4 {
            self.batches.reserve_exact(1);
        }
        self.batches.push_back(batch);
    }

    /// Closes the open batch, if there is one.
    pub(crate) fn close(&mut self, closed: Closed) {
        // One without a record is left for those to come.
        let Some(open) = self.open.take_if(|open| !open.builder.is_empty()) else {
            return;
        };
        let size = open.builder.size();
        self.usual = match self.usual {
            0 => size,
            usual => usual - usual / 4 + size / 4,
        };
        self.enqueue(Batch {
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
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_few_sizes_and_none_wastes_more_than_a_third() {
        let options = QueueOptions {
            batch_bytes: 65_536,
            max_in_flight: 5,
            delivery_time: Duration::from_secs(120),
            idempotent: true,
            at_least_once: false,
            retry: crate::retry::RetryPolicy::default(),
        };
        let mut sizes: Vec<usize> = (1..=65_536).map(|size| options.memory_for(size)).collect();
        for (memory, size) in sizes.iter().zip(1..) {
            assert!(*memory >= size);
            let is_close = memory + SLACK <= (size + SLACK) * 3 / 2 + SLACK;
            assert!(is_close || size < FIRST_MEMORY, "{memory} for {size}");
        }
        sizes.dedup();
        assert_eq!(sizes.len(), 15, "{sizes:?}");
        assert_eq!(options.memory_for(100_000), 100_000);
    }
}
