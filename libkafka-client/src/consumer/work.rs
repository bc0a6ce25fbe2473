//! `Work`: what a worker is given of a claim, and `Flow`: how the claim goes on.

use std::sync::Arc;
use std::time::Instant;

use super::claimed_batch::ClaimedBatch;
use super::polled::Polled;
use crate::error::Error;
use crate::group::membership::{Claim, LostReason};

/// What a handler is given of one claim by [`Workers::work`](crate::Workers::work). All that
/// happens to a claim comes in order, and to one worker at a time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Work {
    /// The partition is owned from now on.
    Assigned,
    /// Records; say [`handled`](ClaimedBatch::handled) once they are.
    Records(ClaimedBatch),
    /// Something is wrong with the partition, as [`Polled::Trouble`] has it. If `next` is none, it
    /// waits for [`Cursor::seek`](crate::Cursor::seek).
    Trouble {
        /// What is wrong.
        error: Arc<Error>,
        /// When the partition goes on by itself, if it does.
        next: Option<Instant>,
        /// The offset after a batch that cannot be read, if its header says one.
        next_offset: Option<i64>,
    },
    /// The group wants the partition back. Once the handler has returned, what is handled is
    /// committed and the partition given up.
    Revoking {
        /// When the coordinator stops waiting and gives the member up.
        by: Instant,
    },
    /// The partition is owned no longer.
    Lost {
        /// What happened.
        why: LostReason,
    },
}

/// How a claim goes on after a handler has returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flow {
    /// With what comes next.
    #[default]
    Go,
    /// With the same records once more, after a pause that grows from 100 ms to 1 s. Of what is no
    /// records: as `Go`.
    Retry,
    /// Not at all: all workers return. The consumer that [`finish`](crate::Workers::finish) gives
    /// back hands the records out once more.
    Stop,
}

impl Work {
    /// It, as [`Polled`] has it.
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
