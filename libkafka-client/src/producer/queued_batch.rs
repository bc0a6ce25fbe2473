//! A batch in a queue, at each stage: open, closed, built, in flight, finished.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, ProducerInfo, Record};

use super::delivery::{Closed, Failure, Tries};
use super::produced::Produced;
use crate::error::Error;

/// Where a record is: its batch, and its position in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pushed {
    pub(crate) batch: u64,
    pub(crate) index: u32,
}

/// The result of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Push {
    /// The record is in the open batch.
    Done(Pushed),
    /// No batch is open. Call [`open`](super::batch_queue::BatchQueue::open) with a builder that
    /// has memory for this many bytes, and push again.
    NotOpen(usize),
    /// The open batch has room for the record, but its builder has no memory:
    /// [`grow`](super::batch_queue::BatchQueue::grow) it to this many bytes, and push again.
    NoMemory(usize),
    /// The queue accepts no more records.
    Shut,
}

/// The batch that accepts records.
pub(super) struct Open {
    pub(super) id: u64,
    pub(super) builder: Box<Builder>,
    /// The size up to which the builder has memory, in bytes.
    pub(super) limit: usize,
    /// The memory that counts for it, in bytes.
    pub(super) held: usize,
    pub(super) opened: Instant,
}

impl Open {
    #[inline]
    pub(super) fn add(&mut self, record: &Record<'_>) -> Result<Pushed, libkafka_batch::Error> {
        let index = self.builder.len() as u32;
        self.builder.add_record(record)?;
        let batch = self.id;
        Ok(Pushed { batch, index })
    }
}

/// A batch whose outcome is not known.
pub(super) struct Batch {
    pub(super) id: u64,
    pub(super) records: u32,
    pub(super) uncompressed_bytes: usize,
    /// The memory that counts for it, in bytes.
    pub(super) held: usize,
    pub(super) opened: Instant,
    pub(super) closed: Closed,
    pub(super) expires: Instant,
    /// The sequence number of its first record, once it has one.
    pub(super) sequence: Option<i32>,
    pub(super) stage: Stage,
    /// The builder in whose memory it is.
    pub(super) spent: Option<Box<Builder>>,
    pub(super) build_time: Duration,
    pub(super) tries: Tries,
    /// Whether a try may have stored it.
    pub(super) in_doubt: bool,
}

/// The stage of a batch.
pub(super) enum Stage {
    Closed(Box<Builder>),
    Building,
    Ready(Bytes),
    InFlight(Bytes),
}

impl Batch {
    /// Whether its delivery time has passed.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now >= self.expires
    }

    pub(super) fn is_building(&self) -> bool {
        matches!(self.stage, Stage::Building)
    }

    pub(super) fn is_in_flight(&self) -> bool {
        matches!(self.stage, Stage::InFlight(_))
    }

    /// The error of the last try.
    pub(super) fn last_error(&self) -> Option<Arc<Error>> {
        self.tries.last()?.error.clone()
    }
}

/// A batch to build, by any thread that has time.
pub(crate) struct Unbuilt {
    pub(crate) id: u64,
    pub(crate) builder: Box<Builder>,
    pub(crate) producer: Option<ProducerInfo>,
    /// The memory that counts for it, in bytes.
    pub(crate) held: usize,
}

impl Unbuilt {
    /// Builds it in the memory of its records.
    pub(crate) fn build(&mut self) -> Result<Bytes, libkafka_batch::Error> {
        match &mut self.producer {
            Some(producer) => self.builder.build_numbered(producer),
            None => self.builder.build_bytes(),
        }
    }

    /// Builds it in memory of its own, with the options of another builder.
    pub(crate) fn build_by(&mut self, other: &mut Builder) -> Result<Bytes, libkafka_batch::Error> {
        other.build_from(&mut self.builder, self.producer.as_mut())
    }
}

/// A batch to send.
pub(crate) struct Outgoing {
    pub(crate) id: u64,
    pub(crate) bytes: Bytes,
    pub(crate) expires: Instant,
}

/// A batch whose outcome is known.
pub(crate) struct Finished {
    pub(crate) id: u64,
    pub(crate) records: u32,
    pub(crate) bytes: usize,
    pub(crate) uncompressed_bytes: usize,
    /// The memory that counts for it, in bytes.
    pub(crate) held: usize,
    /// The builder whose memory is free again.
    pub(crate) spent: Option<Box<Builder>>,
    pub(crate) opened: Instant,
    pub(crate) closed: Closed,
    pub(crate) build_time: Duration,
    pub(crate) tries: Tries,
    pub(crate) outcome: Result<Produced, Failure>,
}
