//! `Numbering`: the sequence numbers of one partition's batches.

use bytes::{Bytes, BytesMut};
use libkafka_batch::{ProducerInfo, Restamp};

/// The producer id of a partition, and the next number in its sequence (KIP-98).
///
/// Numbers are assigned in the order of the batches. When a batch is given up, the numbers after it
/// no longer fit: if nothing is in doubt they are assigned again from there; otherwise only a new
/// producer id helps, since what is in doubt may still be stored under the old one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbering {
    idempotent: bool,
    producer: Option<(i64, i16)>,
    next: i32,
    /// The oldest batch that was given up, and its number, which will be assigned again.
    gap: Option<(u64, i32)>,
}

impl Numbering {
    pub(super) fn new(idempotent: bool) -> Self {
        Self {
            idempotent,
            producer: None,
            next: 0,
            gap: None,
        }
    }

    /// Whether nothing can be numbered until there is a producer id.
    pub(super) fn wants_producer(&self) -> bool {
        self.idempotent && self.producer.is_none()
    }

    /// Sets the id; numbers under it begin at 0.
    pub(super) fn set_producer(&mut self, id: i64, epoch: i16) {
        self.producer = Some((id, epoch));
        self.next = 0;
        self.gap = None;
    }

    /// Gives up the id, because the broker no longer accepts numbers under it.
    pub(super) fn lose(&mut self) {
        self.producer = None;
        self.gap = None;
    }

    /// Notes that a batch with this number was given up.
    pub(super) fn give_up(&mut self, batch: u64, sequence: i32) {
        // In any order, and numbers wrap: which is the oldest, only the batches say.
        if self.gap.is_none_or(|(oldest, _)| batch < oldest) {
            self.gap = Some((batch, sequence));
        }
    }

    /// Starts again at the oldest number that was given up.
    pub(super) fn close_gap(&mut self) {
        if let Some((_, sequence)) = self.gap.take() {
            self.next = sequence;
        }
    }

    /// Whether numbers have been given up that [`close_gap`](Self::close_gap) has not taken back.
    pub(super) fn has_gap(&self) -> bool {
        self.gap.is_some()
    }

    /// Numbers a batch; `None` if batches are not numbered.
    pub(super) fn number(&mut self, records: u32) -> Option<ProducerInfo> {
        let (id, epoch) = self.producer.filter(|_| self.idempotent)?;
        let base_sequence = self.next;
        self.next = self.next.wrapping_add(records as i32) & i32::MAX;
        Some(ProducerInfo {
            id,
            epoch,
            base_sequence: Some(base_sequence),
            transactional: false,
        })
    }
}

/// Numbers a batch that has been built, in place if it has no other owner.
///
/// A batch that cannot be numbered stays as it is: it is up to the broker to refuse a damaged
/// batch.
pub(super) fn stamp(batch: Bytes, producer: ProducerInfo) -> Bytes {
    let mut batch = match batch.try_into_mut() {
        Ok(batch) => batch,
        Err(shared) => BytesMut::from(&shared[..]),
    };
    let _ = Restamp::new().producer(producer).apply(&mut batch);
    batch.freeze()
}
