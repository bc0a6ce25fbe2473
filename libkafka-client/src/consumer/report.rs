//! `Report`: what the owner of a claim is to hear of trouble.

use std::sync::Arc;
use std::time::Instant;

use super::polled::Polled;
use super::work::Work;
use crate::error::Error;
use crate::group::membership::Claim;

/// What the owner of a claim is to hear of trouble.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) error: Arc<Error>,
    /// When the claim goes on by itself, if it does.
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

    /// It, as the owner is told.
    pub(super) fn of(self, claim: Claim) -> Polled {
        Polled::Trouble {
            claim,
            error: self.error,
            next: self.next,
            next_offset: self.next_offset,
        }
    }

    /// It, as a worker is told.
    pub(super) fn into_work(self) -> Work {
        Work::Trouble {
            error: self.error,
            next: self.next,
            next_offset: self.next_offset,
        }
    }

    /// The claim goes on.
    pub(super) fn goes_on(error: Arc<Error>, now: Instant) -> Self {
        Self {
            next: Some(now),
            ..Self::stops(error)
        }
    }
}
