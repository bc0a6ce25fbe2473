//! `BatchQueue`: the batches of one partition, from their first record until their fate is known.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, Record};

use super::delivery::{Closed, Reason};
use super::numbering::{Numbering, stamp};
use super::queued_batch::{Batch, Finished, Open, Stage, Unbuilt};

use crate::error::Error;
use crate::retry::RetryPolicy;

/// What a queue does with its batches.
#[derive(Debug, Clone)]
pub(crate) struct QueueOptions {
    /// Bytes, before compression, at which an open batch is closed.
    pub(crate) batch_bytes: usize,
    /// How long a batch stays open for more records.
    pub(crate) linger: Duration,
    /// Batches on the way at the same time.
    pub(crate) max_in_flight: usize,
    /// The time from the first record of a batch until its fate is known.
    pub(crate) delivery_time: Duration,
    /// Whether batches carry sequence numbers.
    pub(crate) idempotent: bool,
    /// Whether a batch that may be in the log already is sent again all the same.
    pub(crate) at_least_once: bool,
    /// How long to pause before another try.
    pub(crate) retry: RetryPolicy,
}

/// The batches of one partition: one open for records, those that wait to be sent, those in flight.
///
/// Batches leave in the order of their records and, with sequence numbers or one in flight, are
/// stored in that order whatever fails: after a failure nothing is sent until everything in flight
/// has been answered; then the oldest goes alone, and the others follow once it has been stored.
///
/// It does no I/O and has no clock. The caller builds what [`begin_build`](Self::begin_build)
/// gives, sends what [`next`](Self::next) gives, reports each [`answer`](Self::answer), and calls
/// [`tick`](Self::tick) when [`due`](Self::due) says.
pub(crate) struct BatchQueue {
    options: Arc<QueueOptions>,
    next_id: u64,
    open: Option<Open>,
    /// Closed batches whose fate is not known, oldest first.
    batches: VecDeque<Batch>,
    /// A builder that has been used before, for its memory.
    spare: Option<Builder>,
    numbering: Numbering,
    trouble: Option<Trouble>,
    in_flight: usize,
    finished: Vec<Finished>,
}

/// Something failed, and nothing has succeeded since.
#[derive(Debug)]
struct Trouble {
    since: Instant,
    failures: u32,
    resume: Instant,
}

/// Where a record is: its batch, and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pushed {
    pub(crate) batch: u64,
    pub(crate) index: u32,
}

impl BatchQueue {
    pub(crate) fn new(options: Arc<QueueOptions>) -> Self {
        let numbering = Numbering::new(options.idempotent);
        Self {
            options,
            next_id: 0,
            open: None,
            batches: VecDeque::new(),
            spare: None,
            numbering,
            trouble: None,
            in_flight: 0,
            finished: Vec::new(),
        }
    }

    /// Adds a record to the open batch, which is closed first if it has no room for it.
    ///
    /// # Errors
    /// If no batch can hold the record. Nothing is lost then but the record.
    #[inline]
    pub(crate) fn push(
        &mut self,
        record: &Record<'_>,
        now: Instant,
        new_builder: impl FnOnce() -> Builder,
    ) -> Result<Pushed, libkafka_batch::Error> {
        if let Some(open) = &self.open
            && open.builder.size_with(record) > self.options.batch_bytes
        {
            self.close(Closed::Full);
        }
        let open = match &mut self.open {
            Some(open) => open,
            None => {
                let builder = self.spare.take().unwrap_or_else(new_builder);
                self.open.insert(Open {
                    id: self.next_id,
                    builder,
                    opened: now,
                })
            }
        };
        let index = open.builder.len() as u32;
        match open.builder.add_record(record) {
            Ok(()) => {
                self.next_id = open.id + 1;
                Ok(Pushed {
                    batch: open.id,
                    index,
                })
            }
            Err(error) => {
                if index == 0 {
                    self.spare = self.open.take().map(|open| open.builder);
                }
                Err(error)
            }
        }
    }

    /// Adds a batch that was built elsewhere, after everything that was pushed before.
    pub(crate) fn push_batch(&mut self, batch: Bytes, records: u32, now: Instant) -> Pushed {
        self.close(Closed::Flush);
        let id = self.next_id;
        self.next_id += 1;
        self.batches.push_back(Batch {
            id,
            records,
            uncompressed_bytes: batch.len(),
            opened: now,
            closed: Closed::ReadyMade,
            expires: now + self.options.delivery_time,
            sequence: None,
            stage: Stage::Ready(batch),
            build_time: Duration::ZERO,
            tries: Vec::new(),
            in_doubt: false,
        });
        Pushed {
            batch: id,
            index: 0,
        }
    }

    /// Closes the open batch, if there is one.
    pub(crate) fn close(&mut self, closed: Closed) {
        let Some(open) = self.open.take() else {
            return;
        };
        self.batches.push_back(Batch {
            id: open.id,
            records: open.builder.len() as u32,
            uncompressed_bytes: open.builder.size(),
            opened: open.opened,
            closed,
            expires: open.opened + self.options.delivery_time,
            sequence: None,
            stage: Stage::Closed(Box::new(open.builder)),
            build_time: Duration::ZERO,
            tries: Vec::new(),
            in_doubt: false,
        });
    }

    /// The oldest batch that is closed and not built: numbered, and to be built by the caller.
    ///
    /// None while numbers cannot be given out.
    pub(crate) fn begin_build(&mut self) -> Option<Unbuilt> {
        if self.numbering.wants_producer() || self.numbering.has_gap() {
            return None;
        }
        self.number_ready();
        let unnumbered = |batch: &&mut Batch| {
            matches!(batch.stage, Stage::Closed(_))
                || self.options.idempotent && batch.sequence.is_none()
        };
        let batch = self.batches.iter_mut().find(unnumbered)?;
        let builder = match std::mem::replace(&mut batch.stage, Stage::Building) {
            Stage::Closed(builder) => builder,
            stage => {
                batch.stage = stage;
                return None;
            }
        };
        let producer = self.numbering.number(batch.records);
        batch.sequence = producer.and_then(|producer| producer.base_sequence);
        Some(Unbuilt {
            id: batch.id,
            builder,
            producer,
        })
    }

    /// Takes a batch that has been built, and the builder back.
    pub(crate) fn end_build(
        &mut self,
        Unbuilt { id, builder, .. }: Unbuilt,
        built: Result<Bytes, libkafka_batch::Error>,
        build_time: Duration,
    ) {
        self.spare = Some(*builder);
        let Some(i) = self.position(id) else { return };
        let batch = &mut self.batches[i];
        batch.build_time = build_time;
        match built {
            Ok(bytes) => batch.stage = Stage::Ready(bytes),
            Err(error) => {
                batch.stage = Stage::Ready(Bytes::new());
                self.fail(i, Reason::NotBuilt, Some(Arc::new(Error::Batch(error))));
            }
        }
    }

    /// The next batch to send, if one may be sent now. It is in flight from then on.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(u64, Bytes)> {
        let room = match &self.trouble {
            Some(trouble) if now < trouble.resume => 0,
            Some(_) => 1,
            None => self.options.max_in_flight,
        };
        if self.in_flight >= room || !self.renumber() {
            return None;
        }
        self.number_ready();
        // Those in flight are always the oldest.
        let waiting = |batch: &&mut Batch| !matches!(batch.stage, Stage::InFlight(_));
        let batch = self.batches.iter_mut().find(waiting)?;
        let Stage::Ready(bytes) = &mut batch.stage else {
            return None;
        };
        let bytes = std::mem::take(bytes);
        batch.stage = Stage::InFlight(bytes.clone());
        self.in_flight += 1;
        Some((batch.id, bytes))
    }

    /// Whether a producer id is needed before anything else can be sent.
    pub(crate) fn wants_producer(&self) -> bool {
        self.in_flight == 0 && self.numbering.wants_producer() && !self.is_empty()
    }

    /// Numbers all that is left from 0 under a new producer id.
    ///
    /// What may be in the log under the old id would be stored twice: it is given up, unless the
    /// caller asked for at-least-once.
    pub(crate) fn set_producer(&mut self, id: i64, epoch: i16) {
        self.numbering.set_producer(id, epoch);
        let mut i = 0;
        while i < self.batches.len() {
            let batch = &mut self.batches[i];
            batch.sequence = None;
            if batch.in_doubt && !self.options.at_least_once {
                let error = batch.tries.last().map(|last| Arc::clone(&last.error));
                self.fail(i, Reason::SequenceLost, error);
            } else {
                i += 1;
            }
        }
    }

    /// When [`tick`](Self::tick) or [`next`](Self::next) has something to do that it has not now.
    pub(crate) fn due(&self) -> Option<Instant> {
        let linger = self
            .open
            .as_ref()
            .map(|open| open.opened + self.options.linger);
        let expiry = self.batches.front().map(|batch| batch.expires);
        let resume = self.trouble.as_ref().map(|trouble| trouble.resume);
        let resume = resume.filter(|_| self.in_flight == 0 && !self.batches.is_empty());
        [linger, expiry, resume].into_iter().flatten().min()
    }

    /// Whether every batch has met its fate.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_none() && self.batches.is_empty()
    }

    /// Batches that have been sent and not been answered.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Since when nothing has succeeded, if something has failed.
    pub(crate) fn in_trouble_since(&self) -> Option<Instant> {
        self.trouble.as_ref().map(|trouble| trouble.since)
    }

    fn position(&self, id: u64) -> Option<usize> {
        self.batches
            .binary_search_by_key(&id, |batch| batch.id)
            .ok()
    }

    /// Closes a gap in the numbers, once everything in flight has been answered. False if nothing
    /// can be sent before there is a new producer id, or everything has been answered.
    fn renumber(&mut self) -> bool {
        if self.numbering.has_gap() {
            if self.in_flight > 0 {
                return false;
            }
            if self.batches.iter().any(|batch| batch.in_doubt) {
                // It may have been stored under its number, or come to be stored.
                self.numbering.lose();
                return false;
            }
            self.numbering.close_gap();
            for batch in &mut self.batches {
                batch.sequence = None;
            }
        }
        !self.numbering.wants_producer()
    }

    /// Numbers what was built elsewhere, or under numbers that have been given up, as far as
    /// everything before it has its number.
    fn number_ready(&mut self) {
        if !self.options.idempotent {
            return;
        }
        for batch in &mut self.batches {
            match &mut batch.stage {
                Stage::Closed(_) => break,
                // It comes back under a number that was given up.
                Stage::Building if batch.sequence.is_none() => break,
                Stage::Ready(bytes) if batch.sequence.is_none() => {
                    let Some(producer) = self.numbering.number(batch.records) else {
                        break;
                    };
                    batch.sequence = producer.base_sequence;
                    *bytes = stamp(std::mem::take(bytes), producer);
                }
                _ => {}
            }
        }
    }
}

mod outcomes;
#[cfg(test)]
mod tests;
