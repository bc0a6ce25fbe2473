//! `OutcomeQueue`: the outcomes of the batches of a lane, until they are taken.

use std::collections::VecDeque;

use super::lane_batch::LaneOutcome;
use super::lane_response::Outcomes;

/// The outcomes of the batches of a lane, in order, until they are taken.
#[derive(Default)]
pub(super) struct OutcomeQueue {
    entries: VecDeque<Entry>,
}

enum Entry {
    One(LaneOutcome),
    /// Those of a request, of which there is at least one.
    Request(Outcomes),
}

impl OutcomeQueue {
    pub(super) fn push(&mut self, outcome: LaneOutcome) {
        self.entries.push_back(Entry::One(outcome));
    }

    /// Adds the outcomes of a request.
    pub(super) fn push_all(&mut self, outcomes: Outcomes) {
        if !outcomes.is_empty() {
            self.entries.push_back(Entry::Request(outcomes));
        }
    }

    pub(super) fn pop(&mut self) -> Option<LaneOutcome> {
        if let Entry::Request(outcomes) = self.entries.front_mut()? {
            let outcome = outcomes.next();
            if outcomes.is_empty() {
                self.entries.pop_front();
            }
            return outcome;
        }
        match self.entries.pop_front()? {
            Entry::One(outcome) => Some(outcome),
            Entry::Request(mut outcomes) => outcomes.next(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
