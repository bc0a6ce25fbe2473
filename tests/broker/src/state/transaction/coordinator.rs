//! The coordinator of transactions: assigns producer ids, and ends transactions in partitions and
//! groups.

use std::collections::BTreeSet;
use std::time::Duration;

use libkafka_protocol::ErrorCode;

use super::end::{End, Ending};
use super::init::Init;
use super::marker::Marker;
use super::phase::TransactionPhase;
use super::producer_id::ProducerId;
use super::transaction::{Start, Transaction};
use crate::clock::Time;
use crate::state::cluster::State;
use crate::state::segment::SegmentLimits;

/// The epoch of every coordinator: none is ever replaced by another.
const COORDINATOR_EPOCH: i32 = 0;

impl State {
    /// The current time, as the start of a transaction.
    pub(crate) fn start(&self) -> Start {
        Start {
            at: self.clock.now(),
            wall_ms: self.clock.wall_ms(),
        }
    }

    /// An unused producer id.
    pub(crate) fn fresh_producer_id(&mut self) -> i64 {
        count_up(&mut self.next_producer_id)
    }

    /// The transactional id, if it is known.
    ///
    /// # Errors
    /// Kafka's error for an unknown one.
    pub(crate) fn transaction(&mut self, id: &str) -> Result<&mut Transaction, ErrorCode> {
        if id.is_empty() {
            return Err(ErrorCode::INVALID_REQUEST);
        }
        let found = self.transactions.get_mut(id);
        found.ok_or(ErrorCode::INVALID_PRODUCER_ID_MAPPING)
    }

    /// Assigns an epoch to the producer of a transactional id.
    pub(crate) fn init_transactions(
        &mut self,
        id: &str,
        expected: Option<ProducerId>,
        timeout: Duration,
    ) -> Result<ProducerId, ErrorCode> {
        let next = &mut self.next_producer_id;
        let transaction = self.transactions.entry(id.to_owned());
        let transaction = transaction.or_insert_with(|| Transaction::new(count_up(next)));
        match transaction.init(expected, timeout, || count_up(next))? {
            Init::Ready(producer) => Ok(producer),
            Init::Abort(ending) => {
                self.carry_out(ending);
                Err(ErrorCode::CONCURRENT_TRANSACTIONS)
            }
        }
    }

    /// Ends a transaction for its producer. Returns the producer's id and epoch from now on.
    pub(crate) fn end_transaction(
        &mut self,
        id: &str,
        producer: ProducerId,
        end: End,
    ) -> Result<ProducerId, ErrorCode> {
        if id.is_empty() {
            return Err(ErrorCode::INVALID_REQUEST);
        }
        let now = self.start();
        let next = &mut self.next_producer_id;
        let transaction = self.transactions.get_mut(id);
        let transaction = transaction.ok_or(ErrorCode::INVALID_PRODUCER_ID_MAPPING)?;
        let ending = transaction.end(producer, end, now, || count_up(next))?;
        let producer = transaction.producer;
        if let Some(ending) = ending {
            self.carry_out(ending);
        }
        Ok(producer)
    }

    /// Aborts transactions that have been open for too long, and returns when the next is due.
    pub(crate) fn expire_transactions(&mut self, now: Time) -> Option<Time> {
        let mut endings = Vec::new();
        let mut next: Option<Time> = None;
        for transaction in self.transactions.values_mut() {
            match transaction.deadline() {
                Some(deadline) if deadline <= now => endings.push(transaction.fence()),
                Some(deadline) => next = Some(next.map_or(deadline, |next| next.min(deadline))),
                None => {}
            }
        }
        for ending in endings {
            self.carry_out(ending);
        }
        next
    }

    /// Whether the partition, or the group, is part of this producer's open transaction.
    pub(crate) fn verify_in_transaction(
        &mut self,
        id: &str,
        producer: ProducerId,
        is_within: impl FnOnce(&Transaction) -> bool,
    ) -> Result<(), ErrorCode> {
        let transaction = self.transaction(id)?;
        transaction.check(producer)?;
        if transaction.phase == TransactionPhase::Ongoing && is_within(transaction) {
            Ok(())
        } else {
            Err(ErrorCode::TRANSACTION_ABORTABLE)
        }
    }

    /// Writes the markers.
    fn carry_out(&mut self, ending: Ending) {
        let marker = Marker {
            producer: ending.producer,
            commit: ending.commit,
            coordinator_epoch: COORDINATOR_EPOCH,
            timestamp: self.clock.wall_ms(),
        };
        for (topic, index) in ending.partitions {
            // A topic may have been deleted since.
            let configs = self.topics.get(&topic).map(|topic| &topic.configs);
            if let Some(limits) = configs.map(SegmentLimits::of)
                && let Some(partition) = self.partition_mut(&topic, index)
                && let Err(code) = partition.append_marker(&marker, limits)
            {
                log::warn!("no end of a transaction in {topic}-{index}: {code}");
            }
        }
        let groups = ending.groups.iter();
        let ended: BTreeSet<i32> = groups.map(|group| self.offsets_partition(group)).collect();
        let groups = self.groups.keys();
        let groups = groups.filter(|group| ended.contains(&self.offsets_partition(group)));
        for group in groups.cloned().collect::<Vec<_>>() {
            if let Some(group) = self.groups.get_mut(&group) {
                group
                    .offsets
                    .end_transaction(marker.producer.id, marker.commit);
            }
        }
        self.mark_changed();
    }
}

fn count_up(next: &mut i64) -> i64 {
    *next += 1;
    *next - 1
}
