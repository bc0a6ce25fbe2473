//! `Carrier`: a lane to a broker, and the partitions with batches for it.

use std::collections::VecDeque;
use std::time::Instant;

use super::produce_lane::ProduceLane;

/// A lane to a broker, and the partitions with batches for it.
pub(super) struct Carrier {
    pub(super) lane: ProduceLane,
    /// Slots with batches to send, in the order of their turns.
    pub(super) queue: VecDeque<u32>,
    /// Open batches in the order in which they were opened: the end of the linger time, the slot,
    /// and the number of the batch.
    pub(super) lingering: VecDeque<(Instant, u32, u64)>,
}

impl Carrier {
    pub(super) fn new(lane: ProduceLane) -> Self {
        Self {
            lane,
            queue: VecDeque::new(),
            lingering: VecDeque::new(),
        }
    }

    /// When the linger time of an open batch next ends, if that batch is still open.
    pub(super) fn linger_ends(&self) -> Option<Instant> {
        self.lingering.front().map(|(ends, ..)| *ends)
    }

    /// All slots with an open batch, if the linger time of one of them is over.
    pub(super) fn take_due(
        &mut self,
        now: Instant,
        is_open: impl Fn(u32, u64) -> bool,
    ) -> impl Iterator<Item = u32> {
        let mut is_due = false;
        while let Some((ends, id, batch)) = self.lingering.front().copied() {
            if ends > now {
                break;
            }
            if is_open(id, batch) {
                is_due = true;
                break;
            }
            self.lingering.pop_front();
        }
        let end = if is_due { self.lingering.len() } else { 0 };
        self.lingering.drain(..end).map(|(_, id, _)| id)
    }
}
