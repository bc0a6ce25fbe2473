//! `PartitionDigest`: all that a history says of one partition.

use crate::claim::Claim;
use crate::commit::Commit;
use crate::event::{Outcome, TopicPartition, Value};
use crate::intervals::Intervals;

/// All that a history says of one partition.
#[derive(Debug)]
pub(crate) struct PartitionDigest<'h> {
    pub(crate) partition: &'h TopicPartition,
    /// In the order in which they were assigned.
    pub(crate) claims: Vec<Claim<'h>>,
    /// Offsets and values as far as they are known, in order.
    pub(crate) log: Vec<(i64, &'h Value)>,
    /// Offsets of records and when they were acknowledged, in order of offset.
    pub(crate) acknowledged: Vec<(i64, u64)>,
    /// All that were asked for, in order of the question.
    pub(crate) commits: Vec<Commit>,
    /// When each record of the log was handled, and by which claim, in the order of time.
    pub(crate) handled: Vec<Handled>,
    /// The end offset, when everything should have been read.
    pub(crate) end: Option<i64>,
    /// Times during which nobody could read, or was to.
    pub(crate) excused: Intervals,
}

/// A record was handled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handled {
    pub(crate) at: u64,
    /// Index of the claim.
    pub(crate) claim: usize,
    /// Index in the log.
    pub(crate) record: usize,
}

impl<'h> PartitionDigest<'h> {
    /// The records of the log from one offset up to another, as indices.
    pub(crate) fn between(&self, from: i64, upto: i64) -> std::ops::Range<usize> {
        let start = self.log.partition_point(|(offset, _)| *offset < from);
        let end = self.log.partition_point(|(offset, _)| *offset < upto);
        start..end.max(start)
    }

    /// What was committed when each claim was assigned.
    pub(crate) fn committed_before(&self) -> Vec<Committed> {
        let mut ok: Vec<_> = self.commits.iter().filter(|c| c.counts()).collect();
        ok.sort_by_key(|commit| commit.answered);
        let (mut answered, mut asked) = (ok.into_iter().peekable(), self.commits.iter().peekable());
        let mut last: Option<&Commit> = None;
        let mut open: Vec<&Commit> = Vec::new();
        let claims = self.claims.iter().map(|claim| {
            while let Some(commit) = answered.next_if(|c| c.answered <= claim.assigned) {
                last = Some(commit);
            }
            while let Some(commit) = asked.next_if(|c| c.asked < claim.assigned) {
                if commit.outcome != Outcome::Fail {
                    open.push(commit);
                }
            }
            // One without an answer is settled once a later one was taken.
            open.retain(|commit| {
                let settled = last.is_some_and(|last| commit.asked <= last.asked);
                !settled && (commit.answered > claim.assigned || !commit.counts())
            });
            let last = last.map(|commit| commit.offset);
            let possible: Vec<i64> = open.iter().map(|commit| commit.offset).collect();
            Committed {
                least: possible
                    .iter()
                    .copied()
                    .chain(last)
                    .min()
                    .filter(|_| last.is_some()),
                last,
                possible,
            }
        });
        claims.collect()
    }
}

/// What was committed at a time.
#[derive(Debug)]
pub(crate) struct Committed {
    /// The last commit that was taken for certain.
    pub(crate) last: Option<i64>,
    /// The least that can have been, if anything was for certain.
    pub(crate) least: Option<i64>,
    /// Later ones that may have been taken.
    pub(crate) possible: Vec<i64>,
}
