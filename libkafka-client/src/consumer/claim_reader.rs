//! `ClaimReader`: the progress of a claim, from looking up its start to handing out its records.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::Uuid;

use super::buffer::{Buffer, Buffered, position_after};
use super::claimed_batch::ClaimedBatch;
use super::marks::Marks;
use super::policies::{OnCorruptBatch, OnOutOfRange, OnTruncation};
use super::report::Report;
use crate::cluster::Leader;
use crate::error::{Error, RetryMethod};
use crate::fetch::{FetchPosition, Fetched, Isolation, OffsetSpec, ReadReplica};
use crate::group::membership::{Backoff, Claim};
use crate::group::{Span, Watermark};
use crate::place::Place;

/// The most fetches of one partition that are kept: one to hand out, and the next.
const BUFFERS: usize = 2;

/// What a claim needs in order to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The committed offset of the group.
    Committed,
    /// The offset of a place in the log.
    Offset(OffsetSpec),
    /// The end of this epoch in the log.
    EpochEnd(i32),
    /// A fetch.
    Fetch,
    /// A decision of its owner where to continue.
    Seek,
}

/// What a claim does by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policies {
    /// Where it begins if nothing is committed; `None` if its owner must decide.
    pub(super) start: Option<OffsetSpec>,
    pub(super) out_of_range: OnOutOfRange,
    pub(super) truncation: OnTruncation,
    pub(super) corrupt: OnCorruptBatch,
    /// Whether to commit a start that was looked up.
    pub(super) commit_start: bool,
}

/// The progress of a claim. It has no clock and does no I/O: it says what it [needs](Self::need),
/// and is told the result.
#[derive(Debug)]
pub(super) struct ClaimReader {
    marks: Arc<Marks>,
    pub(super) policies: Policies,
    pub(super) phase: Phase,
    /// The position of the next record to hand out.
    position: Option<FetchPosition>,
    buffers: VecDeque<Buffer>,
    pub(super) backoff: Backoff,
    /// Whether the owner has been told of its trouble.
    reported: bool,
    /// The number of the question in flight, and how many there have been.
    asked: Option<u64>,
    questions: u64,
    /// The committed offset.
    pub(super) committed: Option<i64>,
    /// The start that must not be committed, if nothing is.
    pub(super) uncommitted_start: Option<i64>,
    pub(super) ends: Ends,
    pub(super) paused: bool,
    /// The broker whose lane it is on.
    pub(super) lane: Option<i32>,
    /// The leader as the lane knows it.
    pub(super) leader: Option<Leader>,
    /// Whether the lane waits to be told where to continue.
    pub(super) lane_waits: bool,
    /// Whether the lane has a different position.
    pub(super) has_moved: bool,
    /// The bytes that it counts for among those that have something to hand out, and the broker of
    /// its lane; `None` if it is not one of them.
    pub(super) queued: Option<(Option<i32>, usize)>,
    /// Whether a worker has it.
    pub(super) is_busy: bool,
    pub(super) replica: ReadReplica,
    /// The id of its topic, once that is known.
    topic_id: Option<Uuid>,
}

/// The phase of a claim.
#[derive(Debug)]
pub(super) enum Phase {
    Committed,
    Offset(OffsetSpec),
    /// Its position is checked against the epochs of the log.
    Epoch,
    /// The log does not have the offset: first the start of the log is looked up, then its end.
    Bounds {
        at: Box<Place>,
        offset: i64,
        log_start: Option<i64>,
    },
    Reading,
    /// Its owner must decide where to continue.
    Stopped,
}

/// The bounds of a log according to the last fetch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) log_start: Option<i64>,
    pub(super) end: Option<i64>,
}

impl ClaimReader {
    /// The reader of a claim that has just begun.
    pub(super) fn new(claim: Claim, policies: Policies, committed: bool) -> Self {
        let mut reader = Self {
            topic_id: claim.topic_id(),
            marks: Arc::new(Marks::new(claim)),
            policies,
            phase: Phase::Committed,
            position: None,
            buffers: VecDeque::new(),
            backoff: Backoff::default(),
            reported: false,
            asked: None,
            questions: 0,
            committed: None,
            uncommitted_start: None,
            ends: Ends::default(),
            paused: false,
            lane: None,
            leader: None,
            lane_waits: false,
            has_moved: false,
            queued: None,
            is_busy: false,
            replica: ReadReplica::default(),
        };
        if !committed {
            reader.phase = match policies.start {
                Some(spec) => Phase::Offset(spec),
                None => Phase::Stopped,
            };
        }
        reader
    }

    pub(super) fn claim(&self) -> &Claim {
        self.marks.claim()
    }

    pub(super) fn marks(&self) -> &Arc<Marks> {
        &self.marks
    }

    /// The id of its topic, if it is known.
    pub(super) fn topic_id(&self) -> Option<Uuid> {
        self.topic_id
    }

    /// Learns the id of its topic from the first leader that has it. Returns whether this leader
    /// leads that topic, and not one that was created again.
    pub(super) fn learn_topic_of(&mut self, leader: Leader) -> bool {
        self.topic_id = self.topic_id.or(leader.topic_id);
        leader.topic_id.is_none() || leader.topic_id == self.topic_id
    }

    /// What it needs, whether or not that has been requested.
    pub(super) fn need(&self) -> Need {
        match &self.phase {
            Phase::Committed => Need::Committed,
            Phase::Offset(spec) => Need::Offset(*spec),
            Phase::Epoch => match self.fetch_position().and_then(|p| p.last_fetched_epoch) {
                Some(epoch) => Need::EpochEnd(epoch),
                None => Need::Fetch,
            },
            Phase::Bounds {
                log_start: None, ..
            } => Need::Offset(OffsetSpec::Earliest),
            Phase::Bounds { .. } => Need::Offset(OffsetSpec::Latest),
            Phase::Reading => Need::Fetch,
            Phase::Stopped => Need::Seek,
        }
    }

    /// Whether what it needs has been requested.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// When what it needs can be requested, if not at once.
    pub(super) fn not_before(&self, now: Instant) -> Option<Instant> {
        self.backoff.until().filter(|until| *until > now)
    }

    /// Notes that what it needs is being requested, and returns the number of the question.
    pub(super) fn ask(&mut self) -> u64 {
        self.questions += 1;
        self.asked = Some(self.questions);
        self.questions
    }

    /// Whether this answers the question in flight, which then ends.
    pub(super) fn answered(&mut self, question: u64) -> bool {
        let awaited = self.asked == Some(question);
        if awaited {
            self.asked = None;
        }
        awaited
    }

    /// The position of the next record to hand out.
    pub(super) fn position(&self) -> Option<FetchPosition> {
        self.position
    }

    /// Where to fetch next; `None` if that cannot be told yet.
    pub(super) fn fetch_position(&self) -> Option<FetchPosition> {
        match self.buffers.back() {
            Some(buffer) => buffer.end(),
            None => self.position,
        }
    }

    /// Whether there is room for another fetch.
    pub(super) fn wants_more(&self) -> bool {
        self.buffers.len() < BUFFERS && self.fetch_position().is_some()
    }

    /// Whether there is something that may be handed out.
    pub(super) fn has_buffered(&self) -> bool {
        !self.buffers.is_empty()
    }

    /// Whether some of a fetch has been handed out, and some of it has not.
    pub(super) fn is_amid_fetch(&self) -> bool {
        self.buffers.front().is_some_and(Buffer::is_amid)
    }

    /// Bytes that have been fetched and not been handed out.
    pub(super) fn buffered_bytes(&self) -> usize {
        self.buffers.iter().map(Buffer::bytes).sum()
    }

    /// Continues at this position, whatever it was doing: everything before it counts as handled,
    /// and what was handed out before no longer counts.
    pub(super) fn restart(&mut self, position: FetchPosition) {
        self.marks.restart(position);
        self.position = Some(position);
        self.buffers.clear();
        self.phase = Phase::Reading;
        self.asked = None;
        self.has_moved = true;
        self.succeeded();
    }

    /// Drops what is buffered; it is fetched again when it is wanted.
    pub(super) fn drop_buffers(&mut self) {
        if !self.buffers.is_empty() {
            self.buffers.clear();
            self.has_moved = true;
        }
    }

    /// Checks the position against the log of a new leader.
    pub(super) fn validate(&mut self) {
        let epoch = self.fetch_position().and_then(|p| p.last_fetched_epoch);
        if matches!(self.phase, Phase::Reading) && epoch.is_some() {
            self.phase = Phase::Epoch;
        }
    }

    /// Accepts what was fetched from [`fetch_position`](Self::fetch_position).
    pub(super) fn fetched(&mut self, fetched: Fetched) {
        self.bounds(&fetched);
        self.buffers.push_back(Buffer::new(fetched));
        self.succeeded();
    }

    /// Accepts what a fetch said of the bounds of the log.
    pub(super) fn bounds(&mut self, fetched: &Fetched) {
        let end = match fetched.isolation {
            Isolation::ReadUncommitted => fetched.high_watermark,
            Isolation::ReadCommitted => fetched.last_stable_offset,
        };
        self.ends = Ends {
            log_start: fetched.log_start_offset.or(self.ends.log_start),
            end: (end >= 0).then_some(end).or(self.ends.end),
        };
    }

    /// The next batch to hand out; `None` if nothing is left in the buffers.
    ///
    /// # Errors
    /// A report of a batch that cannot be read.
    pub(super) fn next(&mut self, now: Instant) -> Result<Option<ClaimedBatch>, Report> {
        while let Some(buffer) = self.buffers.front_mut() {
            match buffer.next() {
                None => {
                    self.buffers.pop_front();
                }
                Some(Buffered::Hidden(span)) => {
                    self.marks.skipped(span);
                    self.position = Some(position_after(span.next_offset, span.leader_epoch));
                }
                Some(Buffered::Batch {
                    bytes,
                    header,
                    span,
                }) => {
                    let run = self.marks.delivered(span);
                    self.position = Some(position_after(span.next_offset, span.leader_epoch));
                    return Ok(Some(ClaimedBatch {
                        bytes,
                        header,
                        span,
                        marks: Arc::clone(&self.marks),
                        run,
                    }));
                }
                Some(Buffered::Bad { error, next_offset }) => {
                    return Err(self.bad_batch(now, error, next_offset));
                }
            }
        }
        Ok(None)
    }

    fn bad_batch(
        &mut self,
        now: Instant,
        error: libkafka_batch::Error,
        next_offset: Option<i64>,
    ) -> Report {
        let error = Arc::new(Error::Batch(error));
        self.buffers.clear();
        match (self.policies.corrupt, next_offset, self.position) {
            (OnCorruptBatch::Skip, Some(next_offset), Some(position)) => {
                self.marks.skipped(Span {
                    first_offset: position.offset,
                    next_offset,
                    leader_epoch: position.last_fetched_epoch,
                });
                self.position = Some(FetchPosition::new(next_offset));
                self.has_moved = true;
                Report::goes_on(error, now)
            }
            _ => {
                self.phase = Phase::Stopped;
                Report {
                    next_offset,
                    ..Report::stops(error)
                }
            }
        }
    }

    /// What has been handled, if it must be committed.
    pub(super) fn to_commit(&self) -> Option<Watermark> {
        let watermark = self.marks.watermark()?;
        let known = self.committed.or(self.uncommitted_start);
        (known != Some(watermark.offset)).then_some(watermark)
    }

    /// Whether it has a start that has not been committed yet.
    pub(super) fn has_new_start(&self) -> bool {
        let known = self.committed.or(self.uncommitted_start);
        known.is_none() && self.position.is_some()
    }

    /// Handles an error on the way to what it needs, which may be temporary or not.
    pub(super) fn failed(&mut self, now: Instant, error: Arc<Error>) -> Option<Report> {
        match error.retry_method() {
            RetryMethod::GiveUp => self.backoff.failed(now),
            RetryMethod::Retry | RetryMethod::Refresh => self.backoff.failed_curably(now),
        }
        // What a second try cures is not worth a word.
        let next = self.backoff.until()?;
        if self.reported {
            return None;
        }
        self.reported = true;
        Some(Report {
            next: Some(next),
            ..Report::stops(error)
        })
    }

    pub(super) fn succeeded(&mut self) {
        self.backoff.succeeded();
        self.reported = false;
    }
}

#[cfg(test)]
mod tests;
