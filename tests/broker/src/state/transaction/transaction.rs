//! [`Transaction`]: a transactional id and its current or last transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use libkafka_protocol::ErrorCode;

use super::phase::TransactionPhase;
use super::producer_id::ProducerId;
use crate::clock::Time;

/// A transactional id and its current or last transaction.
#[derive(Debug, Clone)]
pub(crate) struct Transaction {
    pub(crate) producer: ProducerId,
    /// The producer id before the last one that was assigned.
    pub(super) previous_id: i64,
    /// The epoch before the current one, if its producer may not know the current one yet.
    pub(super) last_epoch: i16,
    pub(crate) timeout: Duration,
    pub(crate) phase: TransactionPhase,
    /// When the current or last transaction started; `None` after the producer is initialised.
    pub(crate) started: Option<Start>,
    pub(crate) partitions: BTreeSet<(String, i32)>,
    pub(crate) groups: BTreeSet<String>,
}

/// When a transaction started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub(crate) at: Time,
    /// The same time in milliseconds since 1970.
    pub(crate) wall_ms: i64,
}

/// All transactional ids.
pub(crate) type Transactions = BTreeMap<String, Transaction>;

impl Transaction {
    /// Adds partitions, or a group, to the transaction, which starts with the first of them.
    pub(crate) fn add(
        &mut self,
        producer: ProducerId,
        partitions: impl IntoIterator<Item = (String, i32)>,
        group: Option<&str>,
        now: Start,
    ) -> Result<(), ErrorCode> {
        self.check(producer)?;
        if self.phase != TransactionPhase::Ongoing {
            self.phase = TransactionPhase::Ongoing;
            self.started = Some(now);
        }
        self.partitions.extend(partitions);
        self.groups.extend(group.map(str::to_owned));
        Ok(())
    }

    /// Checks that it belongs to this producer.
    pub(crate) fn check(&self, producer: ProducerId) -> Result<(), ErrorCode> {
        if self.producer.id != producer.id {
            Err(ErrorCode::INVALID_PRODUCER_ID_MAPPING)
        } else if self.producer.epoch != producer.epoch {
            Err(ErrorCode::PRODUCER_FENCED)
        } else {
            Ok(())
        }
    }

    /// When it is aborted if its producer does not end it.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let is_open = self.phase == TransactionPhase::Ongoing;
        let started = self.started.filter(|_| is_open)?;
        Some(started.at + self.timeout)
    }
}
