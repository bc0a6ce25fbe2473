//! Outcomes of the batches of a `BatchQueue`: answers, failures, and the end of their time.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::{BatchQueue, Trouble};
use crate::error::{Error, RetryMethod};
use crate::producer::delivery::{Closed, Failure, Reason, Try};
use crate::producer::produced::Produced;
use crate::producer::queued_batch::{Batch, Finished, Stage};

impl BatchQueue {
    /// Reports that a batch that was sent is stored. Returns its outcome; `None` if it was given up
    /// meanwhile.
    pub(crate) fn stored(&mut self, id: u64, tried: Try, produced: Produced) -> Option<Finished> {
        // Counted even if the batch was given up meanwhile.
        self.in_flight -= 1;
        let i = self.position(id)?;
        self.trouble = None;
        let mut batch = self.batches.remove(i)?;
        batch.tries.push(tried);
        Some(batch.finish(Ok(produced)))
    }

    /// Reports that a batch that was sent failed.
    pub(crate) fn not_stored(&mut self, id: u64, now: Instant, tried: Try) {
        self.in_flight -= 1;
        let Some(i) = self.position(id) else { return };
        let error = tried.error.clone();
        let batch = &mut self.batches[i];
        batch.in_doubt |= tried.possibly_written;
        batch.tries.push(tried);
        let Stage::InFlight(bytes) = std::mem::replace(&mut batch.stage, Stage::Building) else {
            return;
        };
        batch.stage = Stage::Ready(bytes);
        let in_doubt = batch.in_doubt;
        self.pause(now, error.clone());
        let Some(error) = error else { return };

        let lost = self.options.idempotent && is_sequence_lost(&error);
        if lost && i > 0 {
            // One before it is missing, and in trouble itself.
        } else if lost {
            self.numbering.lose();
        } else if error.retry_method() == RetryMethod::GiveUp {
            let reason = if in_doubt {
                Reason::InDoubt
            } else {
                Reason::Refused
            };
            self.fail(i, reason, Some(error));
        } else if self.batches[i].is_over(now) {
            self.fail(i, Reason::Expired, Some(error));
        } else if in_doubt && !self.options.idempotent && !self.options.at_least_once {
            self.fail(i, Reason::InDoubt, Some(error));
        }
    }

    /// Gives up batches that have taken too long: neither one that is being built, which is given
    /// up once it is built, nor one that is in flight. What sends it gives that up, since it knows
    /// whether the batch was sent.
    pub(crate) fn tick(&mut self, now: Instant) {
        if let Some(open) = &self.open
            && now >= open.opened + self.options.delivery_time
        {
            self.close(Closed::Linger);
        }
        let waits = |batch: &Batch| !batch.is_building() && !batch.is_in_flight();
        let expired = |batch: &Batch| batch.is_over(now) && waits(batch);
        while let Some(i) = self.batches.iter().position(expired) {
            let error = self.batches[i].last_error();
            let error = error.or_else(|| self.trouble().cloned());
            self.pause(now, error.clone());
            self.fail(i, Reason::Expired, error);
        }
    }

    /// Gives everything up, and accepts no more records. A batch that is being built is given up
    /// once it is built.
    pub(crate) fn abandon(&mut self) {
        self.shut();
        self.is_abandoned = true;
        while let Some(i) = self.batches.iter().position(|batch| !batch.is_building()) {
            let batch = &mut self.batches[i];
            batch.in_doubt |= batch.is_in_flight();
            let error = batch.last_error();
            self.fail(i, Reason::Closed, error);
        }
    }

    /// Gives up batches that have not been sent, because the cluster does not let this producer
    /// produce.
    pub(crate) fn refuse(&mut self, error: &Arc<Error>) {
        self.close(Closed::Flush);
        let waits = |batch: &Batch| matches!(batch.stage, Stage::Closed(_) | Stage::Ready(_));
        while let Some(i) = self.batches.iter().position(waits) {
            self.fail(i, Reason::Refused, Some(Arc::clone(error)));
        }
    }

    /// Whether there is a batch for [`next_failed`](Self::next_failed).
    pub(crate) fn has_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The next batch that was given up, in the order in which they were.
    pub(crate) fn next_failed(&mut self) -> Option<Finished> {
        self.failed.pop_front()
    }

    /// Lengthens the pause before the next try.
    fn pause(&mut self, now: Instant, error: Option<Arc<Error>>) {
        let trouble = self.trouble.get_or_insert(Trouble {
            failures: 0,
            resume: now,
            error: None,
        });
        trouble.error = error.or(trouble.error.take());
        // Answers to what was in flight with the batch that failed are part of the same failure.
        if now >= trouble.resume {
            trouble.failures += 1;
            trouble.resume = now + self.options.retry.pause(trouble.failures);
        }
    }

    pub(super) fn fail(&mut self, i: usize, reason: Reason, error: Option<Arc<Error>>) {
        let batch = &mut self.batches[i];
        let stage = std::mem::replace(&mut batch.stage, Stage::Building);
        let failure = Failure {
            reason,
            error,
            possibly_written: batch.in_doubt,
            batch: match stage {
                Stage::Ready(bytes) | Stage::InFlight(bytes) => bytes,
                Stage::Closed(mut builder) => builder.build_bytes().unwrap_or_default(),
                Stage::Building => Bytes::new(),
            },
        };
        if let Some(sequence) = batch.sequence {
            if batch.in_doubt {
                self.numbering.lose();
            } else {
                self.numbering.give_up(batch.id, sequence);
            }
        }
        if let Some(batch) = self.batches.remove(i) {
            self.failed.push_back(batch.finish(Err(failure)));
        }
    }
}

impl Batch {
    fn finish(self, outcome: Result<Produced, Failure>) -> Finished {
        let bytes = match (&self.stage, &outcome) {
            (Stage::Ready(bytes) | Stage::InFlight(bytes), _) => bytes.len(),
            (_, Err(failure)) => failure.batch.len(),
            _ => 0,
        };
        Finished {
            id: self.id,
            records: self.records,
            bytes,
            uncompressed_bytes: self.uncompressed_bytes,
            held: self.held,
            // If it was not delivered, whoever is told gets the memory.
            spent: self.spent.filter(|_| outcome.is_ok()),
            opened: self.opened,
            closed: self.closed,
            build_time: self.build_time,
            tries: self.tries,
            outcome,
        }
    }
}

/// Whether the broker no longer accepts numbers that follow those of the batches it has stored.
fn is_sequence_lost(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER
                | ErrorCode::UNKNOWN_PRODUCER_ID
                | ErrorCode::INVALID_PRODUCER_EPOCH
                | ErrorCode::INVALID_PRODUCER_ID_MAPPING
        )
    )
}
