//! Answers to what a claim needs, and their effects on a `ClaimReader`.

use std::sync::Arc;
use std::time::Instant;

use super::claim_reader::{ClaimReader, Ends, Phase};
use super::policies::{OnOutOfRange, OnTruncation};
use super::report::Report;
use crate::error::Error;
use crate::fetch::{EpochEndOffset, FetchPosition, OffsetAndTimestamp, OffsetSpec};
use crate::group::Committed;
use crate::place::Place;

impl ClaimReader {
    /// Handles the committed offset of the group.
    pub(super) fn committed_found(
        &mut self,
        now: Instant,
        found: Result<Option<Committed>, Arc<Error>>,
        no_start: impl FnOnce() -> Error,
    ) -> Option<Report> {
        let committed = match found {
            Ok(committed) => committed,
            Err(error) => return self.failed(now, error),
        };
        self.succeeded();
        if let Some(committed) = committed {
            self.restart(FetchPosition {
                last_fetched_epoch: committed.leader_epoch,
                ..FetchPosition::new(committed.offset)
            });
            self.committed = Some(committed.offset);
            self.validate();
            return None;
        }
        match self.policies.start {
            Some(spec) => {
                self.phase = Phase::Offset(spec);
                None
            }
            None => {
                self.phase = Phase::Stopped;
                Some(Report::stops(Arc::new(no_start())))
            }
        }
    }

    /// Handles the offset of a place.
    pub(super) fn offset_found(
        &mut self,
        now: Instant,
        found: Result<Option<OffsetAndTimestamp>, Arc<Error>>,
    ) -> Option<Report> {
        let found = match found {
            Ok(found) => found.map(|found| found.offset),
            Err(error) => return self.failed(now, error),
        };
        match std::mem::replace(&mut self.phase, Phase::Reading) {
            Phase::Offset(OffsetSpec::Timestamp(_)) if found.is_none() => {
                // No record is that late.
                self.phase = Phase::Offset(OffsetSpec::Latest);
            }
            Phase::Offset(_) => {
                let offset = found.unwrap_or(0);
                self.restart(FetchPosition::new(offset));
                if !self.policies.commit_start {
                    self.uncommitted_start = Some(offset);
                }
            }
            Phase::Bounds {
                at,
                offset,
                log_start: None,
            } => {
                let log_start = Some(found.unwrap_or(0));
                self.phase = Phase::Bounds {
                    at,
                    offset,
                    log_start,
                };
            }
            Phase::Bounds {
                at,
                offset,
                log_start: Some(log_start),
            } => return self.bounds_found(now, at, offset, log_start, found.unwrap_or(log_start)),
            phase => self.phase = phase,
        }
        None
    }

    fn bounds_found(
        &mut self,
        now: Instant,
        at: Box<Place>,
        offset: i64,
        log_start: i64,
        end: i64,
    ) -> Option<Report> {
        self.ends = Ends {
            log_start: Some(log_start),
            end: Some(end),
        };
        let error = Arc::new(Error::OffsetOutOfRange {
            at,
            offset,
            log_start_offset: Some(log_start),
            end_offset: Some(end),
        });
        if (log_start..=end).contains(&offset) {
            // The broker that refused it may not have heard of all records yet.
            self.phase = Phase::Reading;
            return self.failed(now, error);
        }
        let to = match self.policies.out_of_range {
            OnOutOfRange::Stop => {
                self.phase = Phase::Stopped;
                return Some(Report::stops(error));
            }
            OnOutOfRange::Nearest if offset < log_start => log_start,
            OnOutOfRange::Nearest | OnOutOfRange::Latest => end,
            OnOutOfRange::Earliest => log_start,
        };
        self.restart(FetchPosition::new(to));
        Some(Report::goes_on(error, now))
    }

    /// Handles the end of the epoch of the last record.
    pub(super) fn epoch_end_found(
        &mut self,
        now: Instant,
        found: Result<(EpochEndOffset, Box<Place>), Arc<Error>>,
    ) -> Option<Report> {
        let found = match found {
            Ok(found) => Some(found),
            // It cannot be known before Kafka 2.3.
            Err(error) if matches!(*error, Error::Version { .. }) => None,
            Err(error) => return self.failed(now, error),
        };
        self.succeeded();
        self.phase = Phase::Reading;
        self.has_moved = true;
        let fetched_to = self.fetch_position()?.offset;
        let (end, at) = found?;
        match (end.leader_epoch, end.end_offset) {
            (Some(epoch), Some(end_offset)) if end_offset < fetched_to => {
                self.diverged(now, at, epoch, end_offset)
            }
            // A fetch finds out about the rest.
            _ => None,
        }
    }

    /// Handles a log that has other records from `end_offset` on than those that were fetched.
    fn diverged(
        &mut self,
        now: Instant,
        at: Box<Place>,
        epoch: i32,
        end_offset: i64,
    ) -> Option<Report> {
        self.drop_buffers();
        let position = self.position()?;
        self.has_moved = true;
        if position.offset <= end_offset {
            // Nobody has seen the records that were lost.
            return None;
        }
        let error = Arc::new(Error::Diverged {
            at,
            epoch,
            end_offset,
        });
        match self.policies.truncation {
            OnTruncation::Stop => {
                self.phase = Phase::Stopped;
                Some(Report::stops(error))
            }
            OnTruncation::Rewind => {
                self.restart(FetchPosition::new(end_offset).last_fetched_epoch(epoch));
                Some(Report::goes_on(error, now))
            }
        }
    }

    /// Handles a fetch that was refused or lost.
    pub(super) fn fetch_failed(&mut self, now: Instant, error: Error) -> Option<Report> {
        match error {
            Error::OffsetOutOfRange { .. } if self.replica.preferred(now).is_some() => {
                // A follower may be behind its leader.
                self.replica.clear();
                self.has_moved = true;
                None
            }
            // What is buffered is handed out first.
            error @ Error::OffsetOutOfRange { .. } if self.has_buffered() => {
                self.backoff.failed(now);
                drop(error);
                None
            }
            Error::OffsetOutOfRange { at, offset, .. } => {
                self.phase = Phase::Bounds {
                    at,
                    offset,
                    log_start: None,
                };
                None
            }
            Error::Diverged {
                at,
                epoch,
                end_offset,
            } => self.diverged(now, at, epoch, end_offset),
            error @ Error::BatchTooLarge { .. } => {
                self.phase = Phase::Stopped;
                Some(Report::stops(Arc::new(error)))
            }
            error => {
                self.replica.clear();
                self.failed(now, Arc::new(error))
            }
        }
    }
}
