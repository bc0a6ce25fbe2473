//! `Work`: what happened to a claim, for a worker; and `Flow`: how the claim continues.

use std::sync::Arc;
use std::time::Instant;

use super::claimed_batch::ClaimedBatch;
use super::polled::Polled;
use crate::error::Error;
use crate::group::membership::{Claim, LostReason};

/// What happened to one claim, as passed to a handler by [`Workers::work`](crate::Workers::work).
/// Everything that happens to a claim arrives in order, and at one worker at a time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Work {
    /// The partition is owned from now on.
    Assigned,
    /// Records. Call [`handled`](ClaimedBatch::handled) once they are.
    Records(ClaimedBatch),
    /// Something is wrong with the partition, as in [`Polled::Trouble`]. If `next` is `None`, it
    /// waits for [`Cursor::seek`](crate::Cursor::seek).
    Trouble {
        /// What is wrong.
        error: Arc<Error>,
        /// When the partition continues by itself, if it does.
        next: Option<Instant>,
        /// The offset after a batch that cannot be read, if its header says so.
        next_offset: Option<i64>,
    },
    /// The group is revoking the partition. Once the handler has returned, what is handled is
    /// committed and the partition is given up.
    Revoking {
        /// When the coordinator stops waiting and removes the member.
        by: Instant,
    },
    /// The partition is no longer owned.
    Lost {
        /// Why it was lost.
        why: LostReason,
    },
}

/// How a claim continues after a handler has returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flow {
    /// With what comes next.
    #[default]
    Go,
    /// With the same records once more, after a pause that grows from 100 ms to 1 s. For work other
    /// than records, the same as `Go`.
    Retry,
    /// Not at all: all workers return. The consumer that [`finish`](crate::Workers::finish) returns
    /// hands the records out once more.
    Stop,
}

impl Work {
    /// The work as a [`Polled`].
    pub(super) fn of(self, claim: Claim) -> Polled {
        let claims = vec![claim.clone()];
        match self {
            Self::Assigned => Polled::Assigned { claims },
            Self::Records(batch) => Polled::Records(batch),
            Self::Trouble {
                error,
                next,
                next_offset,
            } => Polled::Trouble {
                claim,
                error,
                next,
                next_offset,
            },
            Self::Revoking { by } => Polled::Revoking { claims, by },
            Self::Lost { why } => Polled::Lost { claims, why },
        }
    }
}
