//! `Polled`: what a consumer returns.

use std::sync::Arc;
use std::time::Instant;

use super::claimed_batch::ClaimedBatch;
use crate::error::Error;
use crate::group::membership::{Claim, LostReason, StopReason};

/// What happened next, as returned by [`Consumer::poll`](crate::Consumer::poll).
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
    /// The group is revoking these partitions. They are still owned, and commits are accepted:
    /// finish the current work, and [`commit`](crate::Consumer::commit). The next
    /// [`poll`](crate::Consumer::poll) gives them up.
    Revoking {
        /// The claims.
        claims: Vec<Claim>,
        /// When the coordinator stops waiting and removes the member.
        by: Instant,
    },
    /// These partitions are no longer owned, and another member may own them already. Nothing can
    /// be committed for them, and marking their records as [handled](ClaimedBatch::handled) has no
    /// effect.
    Lost {
        /// The claims, which have ended.
        claims: Vec<Claim>,
        /// Why they were lost.
        why: LostReason,
    },
    /// Something is wrong with a partition. The others continue.
    Trouble {
        /// The claim.
        claim: Claim,
        /// What is wrong: [`Error::OffsetOutOfRange`], [`Error::Diverged`], [`Error::Batch`] for a
        /// batch that cannot be read, [`Error::NoCommittedOffset`], or an error of a broker.
        error: Arc<Error>,
        /// When the partition continues by itself; `None` if it waits for
        /// [`seek`](crate::Consumer::seek).
        next: Option<Instant>,
        /// The offset after a batch that cannot be read, if its header says so.
        next_offset: Option<i64>,
    },
    /// A commit that the consumer made [by itself](crate::Commits) failed. Nothing is lost: what is
    /// handled is committed by the next commit, or else handled again by the next owner.
    CommitFailed {
        /// The error of the first partition that was refused.
        error: Error,
    },
    /// Nothing happened within the given time.
    Idle,
    /// The consumer has stopped: its [`stopper`](crate::Consumer::stopper) was used, or it is no
    /// longer in its group. It can still commit. [Close](crate::Consumer::close) it.
    Stopped {
        /// Why the membership is over, if it is.
        why: Option<StopReason>,
    },
}
