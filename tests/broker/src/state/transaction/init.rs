//! [`Init`]: assigns an id and an epoch to a producer.

use std::collections::BTreeSet;
use std::time::Duration;

use libkafka_protocol::ErrorCode;

use super::end::{End, Ending};
use super::phase::TransactionPhase;
use super::producer_id::ProducerId;
use super::transaction::Transaction;

/// The outcome of an InitProducerId.
#[derive(Debug)]
pub(crate) enum Init {
    Ready(ProducerId),
    /// A transaction was open: it must be aborted, after which the producer asks again.
    Abort(Ending),
}

impl Transaction {
    /// A new transactional id.
    pub(crate) fn new(producer_id: i64) -> Self {
        Self {
            producer: ProducerId {
                id: producer_id,
                epoch: -1,
            },
            previous_id: -1,
            last_epoch: -1,
            timeout: Duration::ZERO,
            phase: TransactionPhase::Empty,
            started: None,
            partitions: BTreeSet::new(),
            groups: BTreeSet::new(),
        }
    }

    /// Assigns an epoch to its producer, which fences any other. A producer that reports its
    /// previous id and epoch is `expected` to be the current one (KIP-360). `fresh` returns a new
    /// producer id.
    pub(crate) fn init(
        &mut self,
        expected: Option<ProducerId>,
        timeout: Duration,
        fresh: impl FnOnce() -> i64,
    ) -> Result<Init, ErrorCode> {
        let current = self.producer;
        let is_ours = |expected: ProducerId| {
            current.epoch == -1
                || expected.id == current.id
                || expected.id == self.previous_id && expected.is_exhausted()
        };
        if !expected.is_none_or(is_ours) {
            return Err(ErrorCode::PRODUCER_FENCED);
        }
        if self.phase == TransactionPhase::Ongoing {
            return Ok(Init::Abort(self.fence()));
        }
        let expected_epoch = expected.map(|expected| expected.epoch);
        if current.is_exhausted() && expected_epoch.is_none_or(|e| e == current.epoch) {
            self.last_epoch = expected_epoch.unwrap_or(-1);
            self.rotate(fresh());
        } else {
            match expected_epoch {
                None => self.last_epoch = -1,
                Some(epoch) if current.epoch == -1 || epoch == current.epoch => {
                    self.last_epoch = current.epoch;
                }
                Some(epoch) if epoch == self.last_epoch => {
                    // Its first request was served and the answer lost.
                    return Ok(Init::Ready(current));
                }
                Some(_) => return Err(ErrorCode::PRODUCER_FENCED),
            }
            self.producer = current.next_epoch();
        }
        self.phase = TransactionPhase::Empty;
        self.started = None;
        self.timeout = timeout;
        Ok(Init::Ready(self.producer))
    }

    /// Aborts the open transaction, in an epoch that its producer does not have.
    pub(crate) fn fence(&mut self) -> Ending {
        self.producer = self.producer.next_epoch();
        self.last_epoch = -1;
        let end = End {
            commit: false,
            bumps_epoch: false,
        };
        self.complete(end, || -1)
    }

    /// Continues with a new producer id.
    pub(super) fn rotate(&mut self, producer_id: i64) {
        self.previous_id = self.producer.id;
        self.producer = ProducerId {
            id: producer_id,
            epoch: 0,
        };
    }
}
