//! `Tracker`: computes which offset can be committed while records are handled out of order.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// Computes which offset can be committed while records are handled out of order.
///
/// One tracker belongs to one [`Claim`](super::membership::Claim). Tell it which batches were
/// [delivered](Self::delivered) and which offsets were [handled](Self::handled), in any order, and
/// it says up to where everything that was delivered has been handled. It counts in spans of
/// batches rather than in records, so offsets that compaction or transactions left without a record
/// do not matter.
///
/// Memory: a few words for each batch that was delivered and is not handled, and for each gap in
/// what was handled.
///
/// ```
/// use libkafka_client::{Span, Tracker, Watermark};
///
/// let mut tracker = Tracker::new(100, None);
/// tracker.delivered(Span { first_offset: 100, next_offset: 110, leader_epoch: Some(3) });
/// tracker.delivered(Span { first_offset: 117, next_offset: 120, leader_epoch: Some(4) });
/// tracker.handled(117..120);
/// assert_eq!(tracker.watermark(), Watermark { offset: 100, leader_epoch: None });
/// tracker.handled(100..110);
/// assert_eq!(tracker.watermark(), Watermark { offset: 120, leader_epoch: Some(4) });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracker {
    watermark: Watermark,
    /// Batches that were delivered and are not completely handled, in order and without overlaps.
    spans: VecDeque<Span>,
    /// What was handled above the watermark: ends by starts, neither overlapping nor adjacent.
    handled: BTreeMap<i64, i64>,
    /// The end of what was delivered.
    delivered_to: i64,
}

/// The offsets of a batch, including those without a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first offset.
    pub first_offset: i64,
    /// The offset after the last one.
    pub next_offset: i64,
    /// The epoch of the leader that wrote the batch, if it is known.
    pub leader_epoch: Option<i32>,
}

/// The offset that can be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Watermark {
    /// The offset of the record to handle next.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it, if it is known (KIP-320).
    pub leader_epoch: Option<i32>,
}

impl Tracker {
    /// A tracker for what is delivered from this offset on, with the leader epoch that was
    /// committed with it, if any.
    pub fn new(offset: i64, leader_epoch: Option<i32>) -> Self {
        Self {
            watermark: Watermark {
                offset,
                leader_epoch,
            },
            spans: VecDeque::new(),
            handled: BTreeMap::new(),
            delivered_to: offset,
        }
    }

    /// Notes that a batch was delivered. Offsets that were delivered before, or that are before the
    /// start, are ignored.
    pub fn delivered(&mut self, span: Span) {
        let first_offset = span.first_offset.max(self.delivered_to);
        if first_offset < span.next_offset {
            self.delivered_to = span.next_offset;
            self.spans.push_back(Span {
                first_offset,
                ..span
            });
        }
    }

    /// Notes that these offsets were handled. Offsets that were not delivered, or were handled
    /// before, are ignored.
    pub fn handled(&mut self, offsets: Range<i64>) {
        let mut start = offsets.start.max(self.watermark.offset);
        let mut end = offsets.end.min(self.delivered_to);
        if start >= end {
            return;
        }
        if self.handled.is_empty()
            && let Some(first) = self.spans.front()
            && (first.first_offset, first.next_offset) == (start, end)
        {
            // Batch by batch, in order: as nearly always.
            self.watermark = Watermark {
                offset: end,
                leader_epoch: first.leader_epoch,
            };
            self.spans.pop_front();
            return;
        }
        // Joined with all that it touches.
        while let Some((&other, &other_end)) = self.handled.range(..=end).next_back()
            && other_end >= start
        {
            start = start.min(other);
            end = end.max(other_end);
            self.handled.remove(&other);
        }
        self.handled.insert(start, end);
        self.advance();
    }

    /// The offset up to which everything that was delivered has been handled.
    pub fn watermark(&self) -> Watermark {
        self.watermark
    }

    /// The number of batches that were delivered and are not completely handled.
    pub fn pending(&self) -> usize {
        self.spans.len()
    }

    fn advance(&mut self) {
        while let Some(span) = self.spans.front_mut() {
            let covered = self.handled.range(..=span.first_offset).next_back();
            let covered = covered.map_or(span.first_offset, |(_, end)| *end);
            if covered <= span.first_offset {
                break;
            }
            let leader_epoch = span.leader_epoch;
            let offset = covered.min(span.next_offset);
            self.watermark = Watermark {
                offset,
                leader_epoch,
            };
            if offset < span.next_offset {
                span.first_offset = offset;
                break;
            }
            self.spans.pop_front();
        }
        let first = self.spans.front().map(|span| span.first_offset);
        let first = first.unwrap_or(self.delivered_to);
        while let Some(entry) = self.handled.first_entry()
            && *entry.get() <= first
        {
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Offset by offset.
    struct Naive {
        start: Watermark,
        delivered: BTreeMap<i64, (Option<i32>, bool)>,
    }

    impl Naive {
        fn delivered(&mut self, span: Span) {
            let last = self
                .delivered
                .last_key_value()
                .map(|(offset, _)| offset + 1);
            let from = last.unwrap_or(self.start.offset).max(span.first_offset);
            for offset in from..span.next_offset {
                self.delivered.insert(offset, (span.leader_epoch, false));
            }
        }

        fn handled(&mut self, offsets: Range<i64>) {
            for offset in offsets {
                if let Some((_, handled)) = self.delivered.get_mut(&offset) {
                    *handled = true;
                }
            }
        }

        fn watermark(&self) -> Watermark {
            let handled = self
                .delivered
                .iter()
                .take_while(|(_, (_, handled))| *handled);
            handled
                .last()
                .map_or(self.start, |(offset, (leader_epoch, _))| Watermark {
                    offset: offset + 1,
                    leader_epoch: *leader_epoch,
                })
        }
    }

    #[derive(Debug, Clone)]
    enum Op {
        Delivered {
            gap: i64,
            length: i64,
            epoch: Option<i32>,
        },
        /// Two offsets, in per mille of what was delivered, or a bit beyond.
        Handled(i64, i64),
        /// A batch as a whole.
        HandledSpan(prop::sample::Index),
    }

    fn op() -> impl Strategy<Value = Op> {
        let epoch = prop::option::of(0..3);
        prop_oneof![
            (-3i64..4, 0i64..6, epoch).prop_map(|(gap, length, epoch)| Op::Delivered {
                gap,
                length,
                epoch
            }),
            (0i64..1100, 0i64..1100).prop_map(|(from, to)| Op::Handled(from, to)),
            any::<prop::sample::Index>().prop_map(Op::HandledSpan),
        ]
    }

    proptest! {
        #[test]
        fn a_tracker_says_what_counting_every_offset_does(
            ops in prop::collection::vec(op(), 0..80),
        ) {
            let start = Watermark { offset: 7, leader_epoch: Some(0) };
            let mut naive = Naive { start, delivered: BTreeMap::new() };
            let mut tracker = Tracker::new(start.offset, start.leader_epoch);
            let mut spans: Vec<Span> = Vec::new();
            for op in ops {
                let end = spans.iter().map(|span| span.next_offset).max().unwrap_or(7);
                match op {
                    Op::Delivered { gap, length, epoch: leader_epoch } => {
                        let first_offset = end + gap;
                        let next_offset = first_offset + length;
                        let span = Span { first_offset, next_offset, leader_epoch };
                        tracker.delivered(span);
                        naive.delivered(span);
                        spans.push(span);
                    }
                    Op::Handled(from, to) => {
                        let of = |mille: i64| mille * (end + 1) / 1000;
                        tracker.handled(of(from)..of(to));
                        naive.handled(of(from)..of(to));
                    }
                    Op::HandledSpan(index) if !spans.is_empty() => {
                        let span = spans[index.index(spans.len())];
                        tracker.handled(span.first_offset..span.next_offset);
                        naive.handled(span.first_offset..span.next_offset);
                    }
                    Op::HandledSpan(_) => {}
                }
                prop_assert_eq!(tracker.watermark(), naive.watermark());
                let all = naive.delivered.values().all(|(_, handled)| *handled);
                prop_assert_eq!(tracker.pending() == 0, all);
                prop_assert!(tracker.handled.len() <= tracker.pending() * 8 + 1);
            }
        }
    }

    #[test]
    fn handling_everything_backwards_keeps_no_memory() {
        let mut tracker = Tracker::new(0, None);
        let span = |first_offset| Span {
            first_offset,
            next_offset: first_offset + 1,
            leader_epoch: None,
        };
        (0..1000).for_each(|offset| tracker.delivered(span(offset)));
        for offset in (0..1000).rev() {
            tracker.handled(offset..offset + 1);
            assert!(tracker.handled.len() <= 1);
        }
        assert_eq!((tracker.watermark().offset, tracker.pending()), (1000, 0));
    }
}
