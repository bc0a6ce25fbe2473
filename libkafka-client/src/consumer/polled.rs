//! `Polled`: what a consumer returns.

use std::sync::Arc;
use std::time::Instant;

use super::claimed_batch::ClaimedBatch;
use crate::error::Error;
use crate::group::membership::{Claim, LostReason, StopReason};

/// What happened next, as [`Consumer::poll`](crate::Consumer::poll) returns it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Polled {
    /// Records of one partition.
    Records(ClaimedBatch),
    /// The consumer owns these partitions from now on, and looks up where to begin.
    Assigned {
        /// The new claims.
        claims: Vec<Claim>,
    },
    /// The group wants these partitions back. They are still owned, and commits are accepted:
    /// finish what is at hand, and [`commit`](crate::Consumer::commit). The next
    /// [`poll`](crate::Consumer::poll) gives them up.
    Revoking {
        /// The claims.
        claims: Vec<Claim>,
        /// When the coordinator stops waiting and gives the member up.
        by: Instant,
    },
    /// These partitions are owned no longer, and somebody else may own them already. Nothing can be
    /// committed for them, and what is [handled](ClaimedBatch::handled) of them does not count.
    Lost {
        /// The claims; they have ended.
        claims: Vec<Claim>,
        /// What happened.
        why: LostReason,
    },
    /// Something is wrong with a partition. The others go on.
    Trouble {
        /// The claim.
        claim: Claim,
        /// What is wrong: [`Error::OffsetOutOfRange`], [`Error::Diverged`], [`Error::Batch`] for a
        /// batch that cannot be read, [`Error::NoCommittedOffset`], or an error of a broker.
        error: Arc<Error>,
        /// When the partition goes on by itself; none if it waits for
        /// [`seek`](crate::Consumer::seek).
        next: Option<Instant>,
        /// The offset after a batch that cannot be read, if its header says one.
        next_offset: Option<i64>,
    },
    /// A commit that the consumer made [by itself](crate::Commits) failed. Nothing is lost: what is
    /// handled is committed by the next commit, or else handled again by the next owner.
    CommitFailed {
        /// Why; that of the first partition that was refused.
        error: Error,
    },
    /// Nothing happened in the time that was given.
    Idle,
    /// The consumer does not go on: somebody used its [`stopper`](crate::Consumer::stopper), or it
    /// is out of its group. It can still commit, and is to be
    /// [closed](crate::Consumer::close).
    Stopped {
        /// Why the membership is over, if it is.
        why: Option<StopReason>,
    },
}
