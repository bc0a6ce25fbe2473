//! `Delivery`: the outcome of a batch.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use smallvec::SmallVec;

use super::produced::Produced;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::topic_partition::TopicPartition;

/// The outcome of a batch that a [`Producer`](crate::Producer) was given record by record or
/// ready-made: stored or given up.
///
/// `Display` prints one line for a log.
#[derive(Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// The partition that it was sent to.
    pub partition: TopicPartition,
    /// The number of the batch among those of its partition, from 0.
    pub batch: u64,
    /// The number of records in the batch.
    pub records: u32,
    /// The size of the batch as sent, in bytes, including its header; 0 if it could not be built.
    pub bytes: usize,
    /// The size before compression, in bytes, including the header.
    pub uncompressed_bytes: usize,
    /// When its first record was added.
    pub opened: Instant,
    /// When its outcome became known.
    pub finished: Instant,
    /// Why it was closed to further records.
    pub closed: Closed,
    /// The time that it took to compress the batch and write its header. Zero without compression.
    pub build_time: Duration,
    /// Every try to send it, in order. If the batch was stored, the last try stored it.
    pub tries: Tries,
    /// Where it was stored; or why it was given up, together with the batch itself.
    pub outcome: Result<Produced, Failure>,
    /// Identifies the partition within the producer.
    pub(crate) slot: u32,
}

/// Where [`Producer::send`](crate::Producer::send) put a record.
/// [`Producer::delivery_of`](crate::Producer::delivery_of) finds the [`Delivery`] of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    pub(crate) slot: u32,
    pub(crate) index: u32,
    pub(crate) batch: u64,
}

impl Ticket {
    /// The number of its batch among those of its partition, as in [`Delivery::batch`].
    pub fn batch(&self) -> u64 {
        self.batch
    }

    /// The position of the record in its batch, from 0. For a ready-made batch, that of its first
    /// record: 0.
    pub fn index(&self) -> u32 {
        self.index
    }
}

impl Delivery {
    /// Whether the record of this ticket is in the batch.
    pub fn is_of(&self, ticket: &Ticket) -> bool {
        (self.slot, self.batch) == (ticket.slot, ticket.batch)
    }

    /// The offset of the record of this ticket; `None` if it is in another batch, was not stored,
    /// or the broker did not say where.
    pub fn offset_of(&self, ticket: &Ticket) -> Option<i64> {
        let produced = self.outcome.as_ref().ok()?;
        let base_offset = produced.base_offset.filter(|_| self.is_of(ticket))?;
        base_offset.checked_add(i64::from(ticket.index))
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition, records, ..
        } = self;
        write!(f, "{partition}: {records} records, ")?;
        match &self.outcome {
            Ok(Produced {
                base_offset: Some(offset),
                ..
            }) => write!(f, "stored from offset {offset} on"),
            Ok(_) => f.write_str("sent"),
            Err(failure) => write!(f, "{failure}"),
        }
    }
}

/// Why a batch was closed to further records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// The next record did not fit.
    Full,
    /// It had been open for the linger time; or another batch for the same broker had, and this one
    /// left with it; or memory was short, and batches left sooner to make room.
    Linger,
    /// The producer was flushed or closed, or a ready-made batch followed.
    Flush,
    /// It was handed over as a finished batch.
    ReadyMade,
}

/// The tries to send a batch, in order. It dereferences to a slice.
#[derive(Debug, Clone, Default)]
pub struct Tries(SmallVec<[Try; 1]>);

impl Tries {
    pub(super) fn push(&mut self, tried: Try) {
        self.0.push(tried);
    }
}

impl Deref for Tries {
    type Target = [Try];

    fn deref(&self) -> &[Try] {
        &self.0
    }
}

/// One try to send a batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Try {
    /// The request that contained the batch, and its response; `None` if no request was made, or
    /// none was answered.
    pub exchange: Option<Arc<Exchange>>,
    /// Why it failed; `None` if it did not.
    pub error: Option<Arc<Error>>,
    /// Whether this try may have stored the batch in spite of the error.
    pub possibly_written: bool,
}

/// Why a batch was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The broker refused it, and would refuse it again.
    Refused,
    /// It may have been stored, and sending it again could store it twice.
    InDoubt,
    /// Its delivery time passed.
    Expired,
    /// The broker no longer knew the partition's sequence numbers, and may already have stored the
    /// batch under them.
    SequenceLost,
    /// Its records could not be compressed or its header could not be written.
    NotBuilt,
    /// The producer was closed.
    Closed,
}

/// A batch that was not delivered, or not for certain.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// Why it was given up.
    pub reason: Reason,
    /// The last error of a try; `None` if it was never tried.
    pub error: Option<Arc<Error>>,
    /// Whether the batch may be in the log all the same.
    pub possibly_written: bool,
    /// The batch; empty if it could not be built.
    pub batch: Bytes,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reason {
            Reason::Refused => "the broker refused the batch",
            Reason::InDoubt => "the batch may or may not have been stored",
            Reason::Expired => "the delivery time passed",
            Reason::SequenceLost => "the broker lost the partition's sequence numbers",
            Reason::NotBuilt => "the batch could not be built",
            Reason::Closed => "the producer was closed",
        })?;
        if self.possibly_written && self.reason != Reason::InDoubt {
            f.write_str("; the batch may have been stored all the same")?;
        }
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}
