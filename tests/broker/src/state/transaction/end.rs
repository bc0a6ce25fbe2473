//! [`End`]: how a transaction ends.

use std::collections::BTreeSet;

use libkafka_protocol::ErrorCode;

use super::phase::TransactionPhase;
use super::producer_id::ProducerId;
use super::transaction::{Start, Transaction};

/// How a producer wants its transaction to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    pub(crate) commit: bool,
    /// Whether the next transaction gets a new epoch (KIP-890).
    pub(crate) bumps_epoch: bool,
}

/// What must be done in the partitions and groups of the transaction.
#[derive(Debug)]
pub(crate) struct Ending {
    /// The producer, with the epoch of the marker.
    pub(crate) producer: ProducerId,
    pub(crate) commit: bool,
    pub(crate) partitions: BTreeSet<(String, i32)>,
    pub(crate) groups: BTreeSet<String>,
}

impl Transaction {
    /// Ends the transaction; `None` if it has already ended in that way. `fresh` returns a new
    /// producer id.
    pub(crate) fn end(
        &mut self,
        producer: ProducerId,
        end: End,
        now: Start,
        fresh: impl FnOnce() -> i64,
    ) -> Result<Option<Ending>, ErrorCode> {
        let goes_on = if end.bumps_epoch {
            self.check_end_with_bump(producer, end.commit)?
        } else {
            self.check_end(producer, end.commit)?
        };
        if goes_on && self.phase != TransactionPhase::Ongoing {
            // Aborting nothing is a transaction too.
            self.started = Some(now);
        }
        Ok(goes_on.then(|| self.complete(end, fresh)))
    }

    /// Whether there is a transaction to end, as opposed to a repeated request.
    fn check_end(&self, producer: ProducerId, commit: bool) -> Result<bool, ErrorCode> {
        self.check(producer)?;
        match self.phase {
            TransactionPhase::Ongoing => Ok(true),
            TransactionPhase::CompleteCommit if commit => Ok(false),
            TransactionPhase::CompleteAbort if !commit => Ok(false),
            _ => Err(ErrorCode::INVALID_TXN_STATE),
        }
    }

    /// The same for a producer that gets a new epoch at the end, which shows whether the request is
    /// repeated.
    fn check_end_with_bump(&self, producer: ProducerId, commit: bool) -> Result<bool, ErrorCode> {
        let current = self.producer;
        let with_new_id = self.previous_id == producer.id
            && producer.epoch == ProducerId::LAST_EPOCH
            && current.epoch == 0;
        let again = with_new_id || producer.next_epoch().epoch == current.epoch;
        if current.id != producer.id && !with_new_id {
            return Err(ErrorCode::INVALID_PRODUCER_ID_MAPPING);
        }
        let complete = matches!(
            self.phase,
            TransactionPhase::CompleteCommit | TransactionPhase::CompleteAbort
        );
        if producer.epoch != current.epoch && !(complete && again) {
            return Err(ErrorCode::PRODUCER_FENCED);
        }
        match (self.phase, commit) {
            (TransactionPhase::Ongoing, _) => Ok(true),
            (TransactionPhase::CompleteCommit, true) if again => Ok(false),
            (TransactionPhase::CompleteAbort, false) => Ok(!again),
            // An abort of nothing gives a new epoch too.
            (TransactionPhase::CompleteCommit, false) if !again => Ok(true),
            (TransactionPhase::Empty, false) => Ok(true),
            _ => Err(ErrorCode::INVALID_TXN_STATE),
        }
    }

    pub(super) fn complete(&mut self, end: End, fresh: impl FnOnce() -> i64) -> Ending {
        let before = self.producer;
        let mut marker = before;
        if end.bumps_epoch {
            marker = before.next_epoch();
            self.last_epoch = before.epoch;
            if before.is_exhausted() {
                self.rotate(fresh());
            } else {
                self.producer = marker;
            }
        }
        self.phase = if end.commit {
            TransactionPhase::CompleteCommit
        } else {
            TransactionPhase::CompleteAbort
        };
        Ending {
            producer: marker,
            commit: end.commit,
            partitions: std::mem::take(&mut self.partitions),
            groups: std::mem::take(&mut self.groups),
        }
    }
}
