//! `ClaimStatus`: how far a claim has come.

use super::claim_reader::{ClaimReader, Ends};
use crate::group::membership::Claim;

/// How far a consumer has come with a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimStatus {
    /// The claim.
    pub claim: Claim,
    /// The offset of the next record to be handed out; none before the start is looked up.
    pub position: Option<i64>,
    /// The offset up to which everything is handled, which is what a commit commits.
    pub handled: Option<i64>,
    /// The offset that was committed last, or was found to be committed.
    pub committed: Option<i64>,
    /// Number of batches that were handed out and are not handled.
    pub pending: usize,
    /// The first offset of the log, as the last fetch had it.
    pub log_start: Option<i64>,
    /// The offset after the last record, or the last stable offset if only committed records are
    /// read, as the last fetch had it.
    pub end: Option<i64>,
    /// How many offsets the position is behind the end. Offsets below the start of the log do not
    /// count, as nothing is left there to be read.
    pub lag: Option<i64>,
    /// Whether it is [paused](crate::Consumer::pause).
    pub paused: bool,
    /// Id of the broker that it is fetched from, if it is.
    pub broker: Option<i32>,
}

impl ClaimStatus {
    pub(super) fn of(reader: &ClaimReader) -> Self {
        let Ends { log_start, end } = reader.ends;
        let position = reader.position().map(|position| position.offset);
        let lag = position.zip(end).map(|(position, end)| {
            let from = position.max(log_start.unwrap_or(0));
            (end - from).max(0)
        });
        Self {
            claim: reader.claim().clone(),
            position,
            handled: reader.marks().watermark().map(|watermark| watermark.offset),
            committed: reader.committed,
            pending: reader.marks().pending(),
            log_start,
            end,
            lag,
            paused: reader.paused,
            broker: reader.lane,
        }
    }
}
