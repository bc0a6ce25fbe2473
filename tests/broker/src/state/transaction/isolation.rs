//! [`Isolation`]: the open and aborted transactions of a partition.

use std::collections::HashMap;

/// The transactions of a partition: those that are open, and how the others ended.
#[derive(Debug, Default)]
pub(crate) struct Isolation {
    /// The first offset of each open transaction, by producer id.
    open: HashMap<i64, i64>,
    /// Ended transactions, in the order of their markers.
    ended: Vec<Ended>,
}

#[derive(Debug, Clone, Copy)]
struct Ended {
    producer_id: i64,
    first_offset: i64,
    /// The offset of the marker.
    last_offset: i64,
    aborted: bool,
}

impl Isolation {
    /// Whether this producer has an open transaction.
    pub(crate) fn is_open(&self, producer_id: i64) -> bool {
        self.open.contains_key(&producer_id)
    }

    /// The first offset of a producer's open transaction.
    pub(crate) fn first_offset(&self, producer_id: i64) -> Option<i64> {
        self.open.get(&producer_id).copied()
    }

    /// Notes that a producer has written within a transaction.
    pub(crate) fn wrote(&mut self, producer_id: i64, offset: i64) {
        self.open.entry(producer_id).or_insert(offset);
    }

    /// Notes that the marker of a producer has been written.
    pub(crate) fn ended(&mut self, producer_id: i64, marker: i64, commit: bool) {
        if let Some(first_offset) = self.open.remove(&producer_id) {
            self.ended.push(Ended {
                producer_id,
                first_offset,
                last_offset: marker,
                aborted: !commit,
            });
        }
    }

    /// The offset below which every transaction has ended with a marker below the `high_watermark`.
    pub(crate) fn last_stable_offset(&self, high_watermark: i64) -> i64 {
        let open = self.open.values().copied();
        let ended = self.ended.iter().rev();
        let unseen = ended.take_while(|ended| ended.last_offset >= high_watermark);
        let firsts = open.chain(unseen.map(|ended| ended.first_offset));
        firsts.min().unwrap_or(i64::MAX).min(high_watermark)
    }

    /// The aborted transactions with records at offsets from `from` up to `below`: the producer id
    /// and the first offset of each.
    pub(crate) fn aborted(&self, from: i64, below: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = self.ended.partition_point(|ended| ended.last_offset < from);
        let ended = self.ended[first..].iter();
        ended
            .filter(move |ended| ended.aborted && ended.first_offset < below)
            .map(|ended| (ended.producer_id, ended.first_offset))
    }

    /// Notes that the log has been truncated at `offset`.
    pub(crate) fn truncate(&mut self, offset: i64) {
        for undone in self.ended.extract_if(.., |e| e.last_offset >= offset) {
            self.open
                .entry(undone.producer_id)
                .and_modify(|first| *first = undone.first_offset.min(*first))
                .or_insert(undone.first_offset);
        }
        self.open.retain(|_, first| *first < offset);
    }
}
