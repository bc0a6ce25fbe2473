//! `BatchQueue`: the batches of one partition, from their first record until their outcome is
//! known.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::Builder;

use super::delivery::{Closed, Reason};
use super::numbering::{Numbering, stamp};
use super::queued_batch::{Batch, Finished, Open, Outgoing, Stage, Unbuilt};

use crate::error::Error;
use crate::retry::RetryPolicy;

/// How a queue treats its batches.
#[derive(Debug, Clone)]
pub(crate) struct QueueOptions {
    /// The size, before compression, at which an open batch is closed, in bytes.
    pub(crate) batch_bytes: usize,
    /// The number of batches that may be in flight at the same time.
    pub(crate) max_in_flight: usize,
    /// The time from the first record of a batch until its outcome must be known.
    pub(crate) delivery_time: Duration,
    /// Whether batches carry sequence numbers.
    pub(crate) idempotent: bool,
    /// Whether a batch that may already be in the log is sent again all the same.
    pub(crate) at_least_once: bool,
    /// How long to pause before another try.
    pub(crate) retry: RetryPolicy,
}

/// The batches of one partition: one that is open for records, those waiting to be sent, and those
/// in flight.
///
/// Batches leave in the order of their records. With sequence numbers or with one in flight, they
/// are stored in that order whatever fails: after a failure nothing is sent until everything in
/// flight has been answered; then the oldest goes alone, and the others follow once it has been
/// stored.
///
/// It does no I/O, has no clock and allocates no memory of its own. The caller finds memory for
/// each batch, builds what [`begin_build`](Self::begin_build) returns, sends what
/// [`next`](Self::next) returns, reports whether each was [`stored`](Self::stored) or
/// [not](Self::not_stored), and calls [`tick`](Self::tick) when [`due`](Self::due) says so. The
/// caller also closes batches whose linger time is over, at the last moment: a batch that cannot
/// leave continues to accept records
/// ([`close_to_send`](Self::close_to_send)).
#[repr(C)]
pub(crate) struct BatchQueue {
    /// First, for the sake of [`Slot`](super::slot::Slot).
    open: Option<Open>,
    options: Arc<QueueOptions>,
    next_id: u64,
    /// Closed batches whose outcome is not known, oldest first.
    batches: VecDeque<Batch>,
    /// The size of recently closed batches, in bytes: the next one is probably similar.
    usual: usize,
    numbering: Numbering,
    trouble: Option<Trouble>,
    in_flight: usize,
    /// Batches that were given up.
    failed: VecDeque<Finished>,
    /// Whether it accepts no more records.
    is_shut: bool,
    /// Whether everything is given up.
    is_abandoned: bool,
}

/// A failure after which nothing has succeeded.
#[derive(Debug)]
struct Trouble {
    failures: u32,
    resume: Instant,
    error: Option<Arc<Error>>,
}

impl BatchQueue {
    pub(crate) fn new(options: Arc<QueueOptions>) -> Self {
        let numbering = Numbering::new(options.idempotent);
        Self {
            options,
            next_id: 0,
            open: None,
            batches: VecDeque::new(),
            usual: 0,
            numbering,
            trouble: None,
            in_flight: 0,
            failed: VecDeque::new(),
            is_shut: false,
            is_abandoned: false,
        }
    }

    /// The first batch whose outcome is not known, or the next one to be opened.
    pub(crate) fn first_undecided(&self) -> u64 {
        let open = self.open.as_ref().map_or(self.next_id, |open| open.id);
        self.batches.front().map_or(open, |batch| batch.id)
    }

    /// The number after that of the last batch with a record.
    pub(crate) fn end(&self) -> u64 {
        let open = self.open.as_ref().filter(|open| open.builder.is_empty());
        open.map_or(self.next_id, |open| open.id)
    }

    /// The oldest batch that is closed and not built: it is numbered, and the caller builds it.
    ///
    /// `None` while numbers cannot be assigned.
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
            held: batch.held,
        })
    }

    /// Accepts a batch that has been built. `spent` is the builder in whose memory it is, unless it
    /// has memory of its own; `held` bytes of memory count from now on.
    pub(crate) fn end_build(
        &mut self,
        id: u64,
        built: Result<Bytes, libkafka_batch::Error>,
        spent: Option<Box<Builder>>,
        held: usize,
        build_time: Duration,
    ) {
        let Some(i) = self.position(id) else { return };
        let batch = &mut self.batches[i];
        batch.build_time = build_time;
        batch.held = held;
        batch.spent = spent;
        match built {
            Ok(bytes) => {
                batch.stage = Stage::Ready(bytes);
                if self.is_abandoned {
                    self.fail(i, Reason::Closed, None);
                }
            }
            Err(error) => {
                batch.stage = Stage::Ready(Bytes::new());
                self.fail(i, Reason::NotBuilt, Some(Arc::new(Error::Batch(error))));
            }
        }
    }

    /// Closes the open batch if all batches before it are in flight and it could follow them at
    /// once.
    pub(crate) fn close_to_send(&mut self, now: Instant) {
        if self.open.is_some() && self.in_flight == self.batches.len() && self.room(now) > 0 {
            self.close(Closed::Linger);
        }
    }

    /// The number of further batches that may be in flight now.
    fn room(&self, now: Instant) -> usize {
        let most = match &self.trouble {
            Some(trouble) if now < trouble.resume => 0,
            Some(_) => 1,
            None => self.options.max_in_flight,
        };
        most.saturating_sub(self.in_flight)
    }

    /// The next batch to send, if one may be sent now. It counts as in flight from then on.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Outgoing> {
        if self.room(now) == 0 || !self.renumber() {
            return None;
        }
        self.number_ready();
        // Those in flight are always the oldest.
        let waiting = |batch: &&mut Batch| !batch.is_in_flight();
        let batch = self.batches.iter_mut().find(waiting)?;
        let Stage::Ready(bytes) = &mut batch.stage else {
            return None;
        };
        let bytes = std::mem::take(bytes);
        batch.stage = Stage::InFlight(bytes.clone());
        self.in_flight += 1;
        Some(Outgoing {
            id: batch.id,
            bytes,
            expires: batch.expires,
        })
    }

    /// Takes back a batch that [`next`](Self::next) returned and that was not sent.
    pub(crate) fn put_back(&mut self, id: u64) {
        self.in_flight -= 1;
        let Some(i) = self.position(id) else { return };
        let stage = &mut self.batches[i].stage;
        if let Stage::InFlight(bytes) = stage {
            *stage = Stage::Ready(std::mem::take(bytes));
        }
    }

    /// Whether there is a batch that [`next`](Self::next) returns now, or would return once it is
    /// built: a closed one or, if it no longer `lingers`, the open one.
    pub(crate) fn may_send(&self, lingers: bool, now: Instant) -> bool {
        let is_numbered = !self.numbering.wants_producer();
        let is_closed = self.in_flight < self.batches.len();
        is_numbered && (is_closed || !lingers && self.open.is_some()) && self.room(now) > 0
    }

    /// Whether a producer id is needed before anything else can be sent.
    pub(crate) fn wants_producer(&self) -> bool {
        self.in_flight == 0 && self.numbering.wants_producer() && !self.is_empty()
    }

    /// Numbers everything that is left from 0, with a new producer id.
    ///
    /// A batch that may be in the log under the old id would be stored twice, so it is given up,
    /// unless the caller asked for at-least-once.
    pub(crate) fn set_producer(&mut self, id: i64, epoch: i16) {
        self.numbering.set_producer(id, epoch);
        let mut i = 0;
        while i < self.batches.len() {
            let batch = &mut self.batches[i];
            batch.sequence = None;
            if batch.in_doubt && !self.options.at_least_once {
                let error = batch.last_error();
                self.fail(i, Reason::SequenceLost, error);
            } else {
                i += 1;
            }
        }
    }

    /// When [`tick`](Self::tick) or [`next`](Self::next) will have something to do that it does not
    /// have now.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let open = self.open.as_ref().filter(|open| !open.builder.is_empty());
        let open = open.map(|open| open.opened + self.options.delivery_time);
        let waiting = self.batches.iter().find(|batch| !batch.is_in_flight());
        let expiry = waiting.map(|batch| batch.expires).or(open);
        let resume = self.trouble.as_ref().map(|trouble| trouble.resume);
        let resume = resume.filter(|at| *at > now && self.in_flight == 0 && !self.is_empty());
        [expiry, resume].into_iter().flatten().min()
    }

    /// Whether the outcome of every batch is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
            && self
                .open
                .as_ref()
                .is_none_or(|open| open.builder.is_empty())
    }

    /// The number of batches that have been sent and not answered.
    #[cfg(test)]
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// The number of closed batches that have not been sent.
    pub(crate) fn waiting(&self) -> usize {
        self.batches.len() - self.in_flight.min(self.batches.len())
    }

    /// The last error, if nothing has succeeded since.
    pub(crate) fn trouble(&self) -> Option<&Arc<Error>> {
        self.trouble.as_ref()?.error.as_ref()
    }

    fn position(&self, id: u64) -> Option<usize> {
        // Answers come in the order of the batches.
        if self.batches.front().is_some_and(|batch| batch.id == id) {
            return Some(0);
        }
        self.batches
            .binary_search_by_key(&id, |batch| batch.id)
            .ok()
    }

    /// Closes a gap in the numbers, once everything in flight has been answered. Returns false if
    /// nothing can be sent until there is a new producer id, or until everything has been answered.
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

    /// Numbers batches that were built elsewhere, or under numbers that were given up, as far as
    /// everything before them has its number.
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
                    // It is in the way of stamping in place.
                    batch.spent = None;
                    *bytes = stamp(std::mem::take(bytes), producer);
                }
                _ => {}
            }
        }
    }
}

mod filling;
mod outcomes;
#[cfg(test)]
mod tests;
