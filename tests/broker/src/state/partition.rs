//! [`Partition`]: a partition, its replicas and its log.

use std::collections::BTreeMap;

use libkafka_batch::{Batch, BatchHeader, Restamp};
use libkafka_protocol::ErrorCode;

use super::attempts::Attempts;
use super::log::Log;
use super::producer::Producers;
use super::reassignment::Reassignment;
use super::segment::SegmentLimits;
use super::transaction::{Isolation, Marker, ProducerId};
use super::validate::Incoming;

/// A partition.
pub(crate) struct Partition {
    pub(crate) log: Log,
    pub(crate) leader: Option<i32>,
    pub(crate) leader_epoch: i32,
    pub(crate) replicas: Vec<i32>,
    pub(crate) isr: Vec<i32>,
    pub(crate) reassignment: Reassignment,
    /// The index, among the log directories of a node, of each replica that is not in the first
    /// one.
    pub(crate) log_dirs: BTreeMap<i32, usize>,
    pub(crate) producers: Producers,
    pub(crate) attempts: Attempts,
    pub(crate) transactions: Isolation,
    /// The offset at which a test holds the high watermark.
    pub(crate) held_high_watermark: Option<i64>,
    /// The leader epochs with batches, each with its first offset.
    epochs: Vec<(i32, i64)>,
}

/// The outcome of appending a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appended {
    pub(crate) base_offset: i64,
    /// The offset after its last record.
    pub(crate) next_offset: i64,
    /// The timestamp that the broker set, or -1.
    pub(crate) log_append_time: i64,
}

impl Partition {
    pub(crate) fn new(replicas: Vec<i32>, isr: Vec<i32>, now_ms: i64) -> Self {
        let mut partition = Self {
            log: Log::new(now_ms),
            leader: isr.first().copied(),
            leader_epoch: 0,
            replicas,
            isr,
            reassignment: Reassignment::default(),
            log_dirs: BTreeMap::new(),
            producers: Producers::default(),
            attempts: Attempts::default(),
            transactions: Isolation::default(),
            held_high_watermark: None,
            epochs: Vec::new(),
        };
        partition.start_epoch();
        partition
    }

    /// The index of a node's replica among the log directories of the node.
    pub(crate) fn log_dir(&self, node: i32) -> usize {
        self.log_dirs.get(&node).copied().unwrap_or(0)
    }

    /// The first offset that not all in-sync replicas have yet.
    pub(crate) fn high_watermark(&self) -> i64 {
        let end = self.log.end_offset();
        self.held_high_watermark.map_or(end, |held| held.min(end))
    }

    /// The offset below which no transaction is open.
    pub(crate) fn last_stable_offset(&self) -> i64 {
        let stable = self.transactions.last_stable_offset(self.high_watermark());
        stable.max(self.log.start_offset())
    }

    /// Whether this producer has written here within a transaction that is still open.
    pub(crate) fn is_in_transaction(&self, producer: ProducerId) -> bool {
        self.transactions.is_open(producer.id)
            && self.producers.epoch(producer.id) == Some(producer.epoch)
    }

    /// Refuses a client with another leader epoch than the current one; -1 means none.
    pub(crate) fn check_epoch(&self, epoch: i32) -> Result<(), ErrorCode> {
        match epoch {
            // None is said.
            -1 => Ok(()),
            epoch if epoch == self.leader_epoch => Ok(()),
            epoch if epoch < self.leader_epoch => Err(ErrorCode::FENCED_LEADER_EPOCH),
            _ => Err(ErrorCode::UNKNOWN_LEADER_EPOCH),
        }
    }

    /// Appends a batch.
    ///
    /// # Errors
    /// If it is not the next batch of its producer.
    pub(crate) fn append(
        &mut self,
        batch: &Incoming<'_>,
        is_log_append_time: bool,
        limits: SegmentLimits,
        now_ms: i64,
    ) -> Result<Appended, ErrorCode> {
        let idempotent = batch.header.producer_id >= 0;
        if idempotent && let Some(sent) = self.producers.check(&batch.header)? {
            return Ok(Appended {
                base_offset: sent.base_offset,
                next_offset: sent.base_offset + i64::from(batch.header.last_offset_delta) + 1,
                // Kafka tells this of a copy, whatever the type of the topic's timestamps.
                log_append_time: sent.timestamp,
            });
        }
        let is_first = !self.producers.has_batches(batch.header.producer_id);
        self.attempts.check(&batch.header, is_first)?;
        if !batch.header.attributes.is_transactional()
            && self.transactions.is_open(batch.header.producer_id)
        {
            return Err(ErrorCode::INVALID_TXN_STATE);
        }
        let log_append_time = is_log_append_time.then_some(now_ms);
        let header = self.store(batch, log_append_time, limits, now_ms)?;
        let log_append_time = log_append_time.unwrap_or(-1);
        if idempotent {
            self.producers.appended(&header);
        }
        if header.attributes.is_transactional() {
            self.attempts.forget(&header);
            self.transactions
                .wrote(header.producer_id, header.base_offset);
        }
        Ok(Appended {
            base_offset: header.base_offset,
            next_offset: header.next_offset(),
            log_append_time,
        })
    }

    /// Writes the end of a producer's transaction.
    ///
    /// # Errors
    /// If there can be no such producer.
    pub(crate) fn append_marker(
        &mut self,
        marker: &Marker,
        limits: SegmentLimits,
    ) -> Result<(), ErrorCode> {
        let bytes = marker
            .batch()
            .map_err(|_| ErrorCode::UNKNOWN_SERVER_ERROR)?;
        let batch = Batch::parse(&bytes).map_err(|_| ErrorCode::UNKNOWN_SERVER_ERROR)?;
        let header = batch.header;
        let incoming = Incoming {
            header,
            bytes: &bytes,
            max_timestamp: None,
        };
        let stored = self.store(&incoming, None, limits, marker.timestamp)?;
        self.producers
            .ended_transaction(&stored, marker.coordinator_epoch);
        self.attempts.forget(&header);
        self.transactions
            .ended(header.producer_id, stored.base_offset, marker.commit);
        Ok(())
    }

    /// Adds a batch at the end of the log, and returns its header as stored.
    fn store(
        &mut self,
        batch: &Incoming<'_>,
        log_append_time: Option<i64>,
        limits: SegmentLimits,
        now_ms: i64,
    ) -> Result<BatchHeader, ErrorCode> {
        let base_offset = self.log.end_offset();
        let mut bytes = batch.bytes.to_vec();
        let mut stamp = Restamp::new()
            .base_offset(base_offset)
            .partition_leader_epoch(self.leader_epoch);
        stamp = match log_append_time {
            Some(time) => stamp.log_append_time(time),
            None => stamp.create_time(),
        };
        // The log does not take the header's word for it.
        if let (None, Some(time)) = (log_append_time, batch.max_timestamp) {
            stamp = stamp.max_timestamp(time);
        }
        let stamped = stamp.apply(&mut bytes);
        // Its checksum is not in question any more.
        let header = stamped.and_then(|()| Ok(Batch::parse_unchecked(&bytes)?.header));
        let header = header.map_err(|_| ErrorCode::INVALID_RECORD)?;
        if self
            .epochs
            .last()
            .is_none_or(|last| last.0 < self.leader_epoch)
        {
            self.epochs.push((self.leader_epoch, base_offset));
        }
        self.log.append(header, bytes.into(), limits, now_ms);
        Ok(header)
    }

    /// Makes another replica the leader, or none.
    pub(crate) fn lead_by(&mut self, leader: Option<i32>) {
        self.leader = leader;
        self.leader_epoch += 1;
        self.start_epoch();
    }

    /// Notes where the epoch of the leader starts. An earlier epoch without records is treated as
    /// if it had never existed.
    fn start_epoch(&mut self) {
        let end = self.log.end_offset();
        let epoch = self.leader_epoch;
        self.epochs.retain(|(e, start)| *e < epoch && *start < end);
        self.epochs.push((epoch, end));
    }

    /// Removes everything from `offset` on, batch by batch.
    pub(crate) fn truncate(&mut self, offset: i64) {
        self.log.truncate(offset);
        self.transactions.truncate(self.log.end_offset());
        self.start_epoch();
    }

    /// Moves the start of the log forward to `offset`.
    pub(crate) fn delete_before(&mut self, offset: i64) {
        self.log.delete_before(offset);
        let start = self.log.start_offset();
        let gone = self.epochs.partition_point(|(_, first)| *first <= start);
        // The last epoch that started before is the one that the log starts with now.
        self.epochs.drain(..gone.saturating_sub(1));
        if let Some(first) = self.epochs.first_mut() {
            first.1 = first.1.max(start);
        }
    }

    /// The last epoch that is not after `epoch`, and the offset at which it ends; `None` if the
    /// epoch is unknown (KIP-101).
    pub(crate) fn epoch_end(&self, epoch: i32) -> Option<(i32, i64)> {
        if epoch == self.leader_epoch {
            return Some((epoch, self.log.end_offset()));
        }
        let after = self.epochs.partition_point(|(e, _)| *e <= epoch);
        let (_, end) = self.epochs.get(after)?;
        let floor = after
            .checked_sub(1)
            .map_or(epoch, |floor| self.epochs[floor].0);
        (epoch >= 0).then_some((floor, *end))
    }

    /// Continues without a node, with those that are `running`.
    pub(crate) fn node_stopped(&mut self, id: i32, running: &[i32]) {
        let others = |isr: &i32| *isr != id;
        // The last one in sync stays so: nobody else has all there is.
        if self.isr.iter().any(others) {
            self.isr.retain(others);
        }
        if self.leader == Some(id) {
            let mut candidates = self.isr.iter().copied();
            self.lead_by(candidates.find(|isr| running.contains(isr)));
        }
    }

    /// Adds a node again, if it is a replica.
    pub(crate) fn node_started(&mut self, id: i32) {
        if !self.replicas.contains(&id) {
            return;
        }
        if self.leader.is_none() && self.isr.contains(&id) {
            self.lead_by(Some(id));
        }
        if self.leader.is_some() && !self.isr.contains(&id) {
            self.isr.push(id);
        }
    }

    /// The leader epoch of the record at `offset`, or of the last one before it.
    pub(crate) fn epoch_at(&self, offset: i64) -> Option<i32> {
        let after = self.epochs.partition_point(|(_, start)| *start <= offset);
        Some(self.epochs.get(after.checked_sub(1)?)?.0)
    }
}
