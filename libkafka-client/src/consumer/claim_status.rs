//! `ClaimStatus`: the progress of a claim.

use super::claim_reader::{ClaimReader, Ends};
use crate::group::membership::Claim;

/// The progress of a consumer with a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimStatus {
    /// The claim.
    pub claim: Claim,
    /// The offset of the next record to hand out; `None` until the start is looked up.
    pub position: Option<i64>,
    /// The offset up to which everything is handled, which is what a commit commits.
    pub handled: Option<i64>,
    /// The offset that was last committed, or found to be committed.
    pub committed: Option<i64>,
    /// The number of batches that were handed out and are not handled.
    pub pending: usize,
    /// The first offset of the log, according to the last fetch.
    pub log_start: Option<i64>,
    /// The offset after the last record, or the last stable offset if only committed records are
    /// read, according to the last fetch.
    pub end: Option<i64>,
    /// The number of offsets by which the position is behind the end. Offsets below the start of
    /// the log do not count, because there is nothing left to read there.
    pub lag: Option<i64>,
    /// Whether it is [paused](crate::Consumer::pause).
    pub paused: bool,
    /// The id of the broker that it is fetched from, if it is.
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
