//! `Deliveries`: the outcomes of batches, until they are taken.

use std::collections::VecDeque;
use std::sync::Arc;

use super::delivery::{Delivery, Ticket};

/// The number of batches and records with each outcome, over the life of a producer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryCounts {
    /// Batches that were stored.
    pub stored: u64,
    /// Records in them.
    pub records_stored: u64,
    /// Batches that were given up, including those in doubt.
    pub failed: u64,
    /// Records in them.
    pub records_failed: u64,
    /// Stored batches whose [`Delivery`] was dropped because it was not taken.
    pub not_taken: u64,
}

/// The deliveries that have not been taken, in order of arrival, and as many of those that were
/// taken as are kept for tickets.
///
/// Failures stay until they are taken, however many there are: they hold memory. Of the others, a
/// limited number is kept.
pub(super) struct Deliveries {
    kept: usize,
    next: u64,
    stored: VecDeque<Entry>,
    failed: VecDeque<Entry>,
    counts: DeliveryCounts,
}

struct Entry {
    number: u64,
    delivery: Arc<Delivery>,
    is_taken: bool,
    /// The memory that counts for them, in bytes.
    held: usize,
}

/// Memory of partitions that became free.
pub(super) type Freed = Vec<(u32, usize)>;

impl Deliveries {
    /// Keeps this many that are not failures or were taken.
    pub(super) fn new(kept: usize) -> Self {
        Self {
            kept,
            next: 0,
            stored: VecDeque::new(),
            failed: VecDeque::new(),
            counts: DeliveryCounts::default(),
        }
    }

    pub(super) fn counts(&self) -> DeliveryCounts {
        self.counts
    }

    /// Adds a delivery. If it is a failure, `held` bytes count for it. Returns whether there are
    /// failures, some of which may have to be [dropped](Self::drop_taken).
    pub(super) fn push(&mut self, delivery: Delivery, held: usize) -> bool {
        let counts = &mut self.counts;
        let records = u64::from(delivery.records);
        let is_stored = delivery.outcome.is_ok();
        let list = match is_stored {
            true => {
                counts.stored += 1;
                counts.records_stored += records;
                &mut self.stored
            }
            false => {
                counts.failed += 1;
                counts.records_failed += records;
                &mut self.failed
            }
        };
        if is_stored && self.kept == 0 {
            counts.not_taken += 1;
            return !self.failed.is_empty();
        }
        let oldest = match is_stored && list.len() >= self.kept {
            true => list.pop_front(),
            false => None,
        };
        counts.not_taken += u64::from(oldest.as_ref().is_some_and(|oldest| !oldest.is_taken));
        list.push_back(Entry {
            number: self.next,
            delivery: in_memory_of(oldest, delivery),
            is_taken: false,
            held,
        });
        self.next += 1;
        !self.failed.is_empty()
    }

    /// Takes the first delivery that has not been taken.
    pub(super) fn take_next(&mut self) -> Option<Arc<Delivery>> {
        let first = |list: &VecDeque<Entry>| {
            let i = list.iter().position(|entry| !entry.is_taken)?;
            Some((list[i].number, i))
        };
        let (stored, failed) = (first(&self.stored), first(&self.failed));
        let entry = match (stored, failed) {
            (Some(s), Some(f)) if s < f => self.stored.get_mut(s.1),
            (Some(s), None) => self.stored.get_mut(s.1),
            (_, Some(f)) => self.failed.get_mut(f.1),
            (None, None) => None,
        }?;
        entry.is_taken = true;
        Some(Arc::clone(&entry.delivery))
    }

    /// Takes every failure that has not been taken.
    pub(super) fn take_failures(&mut self) -> Vec<Arc<Delivery>> {
        let untaken = self.failed.iter_mut().filter(|entry| !entry.is_taken);
        untaken
            .map(|entry| {
                entry.is_taken = true;
                Arc::clone(&entry.delivery)
            })
            .collect()
    }

    /// The delivery of a ticket, which then counts as taken; `from` is the number of the first one
    /// that was not examined before.
    pub(super) fn find(&mut self, ticket: &Ticket, from: &mut u64) -> Option<Arc<Delivery>> {
        let first = std::mem::replace(from, self.next);
        for list in [&mut self.stored, &mut self.failed] {
            let new = list.partition_point(|entry| entry.number < first);
            let mut new = list.range_mut(new..);
            if let Some(entry) = new.find(|entry| entry.delivery.is_of(ticket)) {
                entry.is_taken = true;
                return Some(Arc::clone(&entry.delivery));
            }
        }
        None
    }

    /// Drops failures that were taken: those beyond the number to keep, or all.
    pub(super) fn drop_taken(&mut self, all: bool) -> Freed {
        let most = if all { 0 } else { self.kept };
        let mut freed = Freed::new();
        let mut taken = self.failed.iter().filter(|entry| entry.is_taken).count();
        self.failed.retain(|entry| {
            let drops = entry.is_taken && taken > most;
            if drops {
                taken -= 1;
                freed.push((entry.delivery.slot, entry.held));
            }
            !drops
        });
        freed
    }
}

/// Puts a delivery into the memory of one that is dropped, unless somebody has taken that.
fn in_memory_of(oldest: Option<Entry>, delivery: Delivery) -> Arc<Delivery> {
    let Some(Entry {
        delivery: mut shared,
        ..
    }) = oldest
    else {
        return Arc::new(delivery);
    };
    match Arc::get_mut(&mut shared) {
        Some(place) => {
            *place = delivery;
            shared
        }
        None => Arc::new(delivery),
    }
}
