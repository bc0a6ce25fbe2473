//! `WorkQueue`: the work for each claim, which one worker at a time has.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use super::claimed_batch::ClaimedBatch;
use super::polled::Polled;
use super::work::{Flow, Work};
use crate::group::membership::{Backoff, Claim};

/// The work for each claim. At most one thing is done for a claim at a time, and what happened to
/// it comes before its records.
#[derive(Debug, Default)]
pub(super) struct WorkQueue {
    claims: BTreeMap<u64, ClaimWork>,
    /// Claims with work, in turn.
    ready: VecDeque<u64>,
    /// The last event that concerns no claim.
    rest: Option<Polled>,
}

#[derive(Debug)]
struct ClaimWork {
    claim: Claim,
    waiting: VecDeque<Work>,
    is_busy: bool,
    /// Records that will be handed out once more.
    retry: Option<ClaimedBatch>,
    backoff: Backoff,
}

/// What follows a claim's work.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It can be given the next records.
    Records,
    /// It gets the same records again, later.
    Later,
    /// It must be given up by this time.
    Release(Instant),
    /// It has ended.
    Ended,
}

impl WorkQueue {
    /// Adds what happened to claims.
    pub(super) fn push(&mut self, polled: Polled) {
        match polled {
            Polled::Assigned { claims } => self.push_all(claims, &Work::Assigned),
            Polled::Revoking { claims, by } => self.push_all(claims, &Work::Revoking { by }),
            Polled::Lost { claims, why } => self.push_all(claims, &Work::Lost { why }),
            Polled::Records(batch) => {
                self.push_one(batch.claim().clone(), Work::Records(batch));
            }
            Polled::Trouble {
                claim,
                error,
                next,
                next_offset,
            } => {
                let trouble = Work::Trouble {
                    error,
                    next,
                    next_offset,
                };
                self.push_one(claim, trouble);
            }
            rest => self.rest = Some(rest),
        }
    }

    fn push_all(&mut self, claims: Vec<Claim>, work: &Work) {
        for claim in claims {
            self.push_one(claim, work.clone());
        }
    }

    fn push_one(&mut self, claim: Claim, work: Work) {
        let number = claim.number();
        let entry = self.claims.entry(number).or_insert_with(|| ClaimWork {
            claim,
            waiting: VecDeque::new(),
            is_busy: false,
            retry: None,
            backoff: Backoff::default(),
        });
        entry.waiting.push_back(work);
        self.ready.push_back(number);
    }

    /// The next work, other than records that have not been handed out yet. The claim is busy until
    /// it is [done](Self::done).
    pub(super) fn next(&mut self, now: Instant) -> Option<(Claim, Work)> {
        while let Some(number) = self.ready.pop_front() {
            let Some(entry) = self.claims.get_mut(&number).filter(|entry| !entry.is_busy) else {
                // It is looked at again when it is done.
                continue;
            };
            if let Some(work) = entry.waiting.pop_front() {
                entry.is_busy = true;
                return Some((entry.claim.clone(), work));
            }
        }
        let mut waiting = self.claims.values_mut();
        let due = waiting
            .find(|entry| !entry.is_busy && entry.retry.is_some() && entry.backoff.is_over(now))?;
        let batch = due.retry.take()?;
        due.is_busy = true;
        Some((due.claim.clone(), Work::Records(batch)))
    }

    /// Whether something may be done now.
    pub(super) fn has_ready(&self) -> bool {
        self.ready.iter().any(|number| {
            let entry = self.claims.get(number);
            entry.is_some_and(|entry| !entry.is_busy && !entry.waiting.is_empty())
        })
    }

    /// Notes that a worker has records of this claim.
    pub(super) fn took(&mut self, claim: &Claim) {
        let entry = self.claims.entry(claim.number());
        let entry = entry.or_insert_with(|| ClaimWork {
            claim: claim.clone(),
            waiting: VecDeque::new(),
            is_busy: false,
            retry: None,
            backoff: Backoff::default(),
        });
        entry.is_busy = true;
    }

    /// Notes that a worker is done with its work for a claim.
    pub(super) fn done(&mut self, now: Instant, claim: &Claim, work: Work, flow: Flow) -> Next {
        let number = claim.number();
        let Some(entry) = self.claims.get_mut(&number) else {
            return Next::Ended;
        };
        entry.is_busy = false;
        if !entry.waiting.is_empty() {
            self.ready.push_back(number);
        }
        match (work, flow) {
            (Work::Records(batch), Flow::Retry | Flow::Stop) => {
                entry.backoff.failed(now);
                entry.retry = Some(batch);
                Next::Later
            }
            (Work::Lost { .. }, _) => {
                self.claims.remove(&number);
                Next::Ended
            }
            (Work::Revoking { by }, _) => {
                // What is to be handed out once more is the next owner's.
                entry.retry = None;
                // If it was lost meanwhile, that is still to be told.
                if entry.waiting.is_empty() {
                    self.claims.remove(&number);
                }
                Next::Release(by)
            }
            (Work::Records(_), Flow::Go) => {
                entry.backoff.succeeded();
                Next::Records
            }
            _ if entry.retry.is_some() => Next::Later,
            _ => Next::Records,
        }
    }

    /// Notes that the claim continues elsewhere, so that nothing is handed out once more.
    pub(super) fn moved(&mut self, claim: &Claim) {
        if let Some(entry) = self.claims.get_mut(&claim.number()) {
            entry.retry = None;
            entry.backoff.succeeded();
        }
    }

    /// When records will be handed out once more.
    pub(super) fn due(&self) -> Option<Instant> {
        let waiting = self.claims.values();
        let waiting = waiting.filter(|entry| !entry.is_busy && entry.retry.is_some());
        waiting.filter_map(|entry| entry.backoff.until()).min()
    }

    /// Everything that has not been done, in order.
    pub(super) fn into_rest(self) -> impl Iterator<Item = Polled> {
        let claims = self.claims.into_values().flat_map(|entry| {
            let retry = entry.retry.map(Work::Records);
            let (before, after): (VecDeque<_>, VecDeque<_>) = entry
                .waiting
                .into_iter()
                .partition(|work| matches!(work, Work::Assigned));
            let all = before.into_iter().chain(retry).chain(after);
            all.map(move |work| work.of(entry.claim.clone()))
        });
        claims.chain(self.rest)
    }
}

#[cfg(test)]
mod tests;
