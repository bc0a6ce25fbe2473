//! `Carrier`: a lane to a broker, and the partitions with batches for it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::produce_lane::ProduceLane;

/// A lane to a broker, and the partitions with batches for it.
pub(super) struct Carrier {
    pub(super) lane: ProduceLane,
    /// Slots with batches to send, in the order of their turns.
    pub(super) queue: VecDeque<u32>,
    /// Slots with a batch that was opened, and when its linger time ends, in this order. A slot is
    /// in it once; its open batch may be a later one.
    pub(super) lingering: VecDeque<(Instant, u32)>,
    /// Whether open batches leave although their linger time is not over.
    pub(super) hurries: bool,
    /// The size of batches waiting to be sent at which there are enough of them, in bytes.
    enough: usize,
}

impl Carrier {
    pub(super) fn new(lane: ProduceLane, enough: usize) -> Self {
        Self {
            lane,
            queue: VecDeque::new(),
            lingering: VecDeque::new(),
            hurries: false,
            enough,
        }
    }

    /// Whether the lane takes another batch.
    pub(super) fn has_room(&self) -> bool {
        self.lane.has_room() && self.lane.waiting_bytes() < self.enough
    }

    /// When open batches may leave: not while the lane takes none.
    pub(super) fn linger_ends(&self) -> Option<Instant> {
        let (ends, _) = self.lingering.front().filter(|_| self.has_room())?;
        Some(*ends)
    }

    /// Whether open batches are to leave: one has been open for its linger time, or there is no
    /// memory for others. `opened` says when the open batch of a slot was opened, if it has one.
    pub(super) fn is_due(
        &mut self,
        now: Instant,
        linger: Duration,
        mut opened: impl FnMut(u32) -> Option<Instant>,
    ) -> bool {
        while let Some((ends, id)) = self.lingering.front().copied() {
            if ends > now && !self.hurries {
                return false;
            }
            let opened = opened(id);
            if self.hurries && opened.is_some() {
                return true;
            }
            match opened.map(|opened| opened + linger) {
                Some(ends) if ends <= now => return true,
                Some(ends) => {
                    // It is a later batch.
                    self.lingering.pop_front();
                    let place = self.lingering.partition_point(|(other, _)| *other <= ends);
                    self.lingering.insert(place, (ends, id));
                }
                None => drop(self.lingering.pop_front()),
            }
        }
        self.hurries = false;
        false
    }
}
