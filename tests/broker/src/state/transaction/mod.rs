//! Transactions, as their coordinator knows them (KIP-98, KIP-360, KIP-890).

mod end;
mod init;
mod isolation;
mod markers;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use libkafka_protocol::ErrorCode;

pub(crate) use self::end::{End, Ending};
pub(crate) use self::init::Init;
pub(crate) use self::isolation::Isolation;
pub(crate) use self::markers::Marker;

use crate::clock::Time;

/// A producer id and its epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProducerId {
    pub(crate) id: i64,
    pub(crate) epoch: i16,
}

impl ProducerId {
    /// The last epoch that a producer gets: the one after it is only for fencing it off.
    const LAST_EPOCH: i16 = i16::MAX - 1;

    fn is_exhausted(self) -> bool {
        self.epoch >= Self::LAST_EPOCH
    }

    fn next_epoch(self) -> Self {
        Self {
            epoch: self.epoch.saturating_add(1),
            ..self
        }
    }
}

/// Where a transactional id is in its life. The markers of an end are written at once, so that
/// nobody ever sees it on its way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionPhase {
    Empty,
    Ongoing,
    CompleteCommit,
    CompleteAbort,
}

impl TransactionPhase {
    /// Every name that Kafka has for a state, those that nobody sees here among them.
    pub(crate) const NAMES: [&'static str; 8] = [
        "Ongoing",
        "PrepareAbort",
        "CompleteAbort",
        "CompleteCommit",
        "PrepareEpochFence",
        "Empty",
        "Dead",
        "PrepareCommit",
    ];

    /// Kafka's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::CompleteCommit => "CompleteCommit",
            Self::CompleteAbort => "CompleteAbort",
        }
    }
}

/// A transactional id and its current or last transaction.
#[derive(Debug, Clone)]
pub(crate) struct Transaction {
    pub(crate) producer: ProducerId,
    /// The producer id before the last one that was given out.
    previous_id: i64,
    /// The epoch before the current one, if its producer may not know of that yet.
    last_epoch: i16,
    pub(crate) timeout: Duration,
    pub(crate) phase: TransactionPhase,
    pub(crate) started: Option<Start>,
    pub(crate) partitions: BTreeSet<(String, i32)>,
    pub(crate) groups: BTreeSet<String>,
}

/// When a transaction started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub(crate) at: Time,
    /// In milliseconds since 1970.
    pub(crate) wall_ms: i64,
}

/// All transactional ids.
pub(crate) type Transactions = BTreeMap<String, Transaction>;

impl Transaction {
    /// Takes partitions, or a group, into the transaction, which starts with them.
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

    /// Is it this producer's?
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
        Some(self.started?.at + self.timeout)
    }
}
