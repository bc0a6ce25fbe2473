//! `Report`: trouble that the owner of a claim must be told of.

use std::sync::Arc;
use std::time::Instant;

use super::polled::Polled;
use super::work::Work;
use crate::error::Error;
use crate::group::membership::Claim;

/// Trouble that the owner of a claim must be told of.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) error: Arc<Error>,
    /// When the claim continues by itself, if it does.
    pub(super) next: Option<Instant>,
    /// The offset after what cannot be read, if it is known.
    pub(super) next_offset: Option<i64>,
}

impl Report {
    /// The claim waits for its owner.
    pub(super) fn stops(error: Arc<Error>) -> Self {
        Self {
            error,
            next: None,
            next_offset: None,
        }
    }

    /// The report for the owner.
    pub(super) fn of(self, claim: Claim) -> Polled {
        Polled::Trouble {
            claim,
            error: self.error,
            next: self.next,
            next_offset: self.next_offset,
        }
    }

    /// The report for a worker.
    pub(super) fn into_work(self) -> Work {
        Work::Trouble {
            error: self.error,
            next: self.next,
            next_offset: self.next_offset,
        }
    }

    /// The claim continues.
    pub(super) fn goes_on(error: Arc<Error>, now: Instant) -> Self {
        Self {
            next: Some(now),
            ..Self::stops(error)
        }
    }
}
