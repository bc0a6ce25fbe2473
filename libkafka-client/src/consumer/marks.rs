//! `Marks`: what has been handled of a claim, as marked by any thread.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fetch::FetchPosition;
use crate::group::membership::Claim;
use crate::group::{Span, Tracker, Watermark};

/// What has been handed out and handled of a claim. Shared by the consumer and the batches that it
/// has handed out.
#[derive(Debug)]
pub(super) struct Marks {
    claim: Claim,
    tracked: Mutex<Tracked>,
}

#[derive(Debug)]
struct Tracked {
    /// Counts how often the claim was restarted: what was handed out before a seek does not count
    /// after it.
    run: u64,
    tracker: Option<Tracker>,
}

impl Marks {
    pub(super) fn new(claim: Claim) -> Self {
        let tracked = Tracked {
            run: 0,
            tracker: None,
        };
        Self {
            claim,
            tracked: Mutex::new(tracked),
        }
    }

    pub(super) fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Marks everything before the position as handled, and nothing else.
    pub(super) fn restart(&self, at: FetchPosition) {
        let mut tracked = self.lock();
        tracked.run += 1;
        tracked.tracker = Some(Tracker::new(at.offset, at.last_fetched_epoch));
    }

    /// Notes that a batch is handed out, and returns the run that it belongs to.
    pub(super) fn delivered(&self, span: Span) -> u64 {
        let mut tracked = self.lock();
        if let Some(tracker) = &mut tracked.tracker {
            tracker.delivered(span);
        }
        tracked.run
    }

    /// Notes that this span contains nothing to handle.
    pub(super) fn skipped(&self, span: Span) {
        if let Some(tracker) = &mut self.lock().tracker {
            tracker.delivered(span);
            tracker.handled(span.first_offset..span.next_offset);
        }
    }

    /// Marks these offsets as handled, if they were handed out in this run and the claim has not
    /// ended.
    pub(super) fn handled(&self, run: u64, offsets: Range<i64>) {
        if self.claim.is_ended() {
            return;
        }
        let mut tracked = self.lock();
        if tracked.run == run
            && let Some(tracker) = &mut tracked.tracker
        {
            tracker.handled(offsets);
        }
    }

    /// The offset up to which everything is handled; `None` until the claim has a position.
    pub(super) fn watermark(&self) -> Option<Watermark> {
        Some(self.lock().tracker.as_ref()?.watermark())
    }

    /// The number of batches that were handed out and are not handled.
    pub(super) fn pending(&self) -> usize {
        self.lock().tracker.as_ref().map_or(0, Tracker::pending)
    }

    fn lock(&self) -> MutexGuard<'_, Tracked> {
        self.tracked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
