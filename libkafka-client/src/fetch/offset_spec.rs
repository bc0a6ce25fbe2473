//! `OffsetSpec`, and what is found when it is looked up.

use crate::wire_value::known;
/// A place in a partition's log, of which the offset is to be looked up (ListOffsets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OffsetSpec {
    /// The first record that there is.
    Earliest,
    /// The offset after the last record: of all, or of those that no open transaction holds back,
    /// depending on the [`Isolation`](crate::Isolation).
    Latest,
    /// The first record whose timestamp is this or later, in milliseconds since 1970; not
    /// negative.
    Timestamp(i64),
    /// The record with the greatest timestamp (KIP-734); Kafka 3.0.
    MaxTimestamp,
    /// The first record on the leader's own disk, where older ones lie in tiered storage
    /// (KIP-405); Kafka 3.4.
    EarliestLocal,
    /// The last record in tiered storage (KIP-1005); Kafka 3.9.
    LatestTiered,
    /// The first record that is not in tiered storage yet (KIP-1023); Kafka 4.2.
    EarliestPendingUpload,
}

/// An offset that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OffsetAndTimestamp {
    /// The offset.
    pub offset: i64,
    /// The timestamp of the record there in milliseconds since 1970, where a timestamp was
    /// asked for.
    pub timestamp: Option<i64>,
    /// The epoch of the leader that wrote the record (KIP-320), where the broker says it.
    pub leader_epoch: Option<i32>,
}

/// Where an epoch ends in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EpochEndOffset {
    /// The last epoch up to the one asked for that the log has; none if it has none.
    pub leader_epoch: Option<i32>,
    /// The offset after the last record of that epoch.
    pub end_offset: Option<i64>,
}

impl OffsetAndTimestamp {
    /// From what a response says, whose negative numbers mean that there is none.
    pub(crate) fn new(offset: i64, timestamp: i64, leader_epoch: i32) -> Option<Self> {
        (offset >= 0).then_some(Self {
            offset,
            timestamp: known(timestamp),
            leader_epoch: known(leader_epoch),
        })
    }
}

impl EpochEndOffset {
    /// From what a response says, whose negative numbers mean that there is none.
    pub(crate) fn new(leader_epoch: i32, end_offset: i64) -> Self {
        Self {
            leader_epoch: known(leader_epoch),
            end_offset: known(end_offset),
        }
    }
}

impl OffsetSpec {
    /// The timestamp that requests have for it, and the first version that knows it.
    pub(crate) fn encoded(self) -> (i64, i16) {
        match self {
            Self::Timestamp(time) => (time.max(0), 1),
            Self::Latest => (-1, 1),
            Self::Earliest => (-2, 1),
            Self::MaxTimestamp => (-3, 7),
            Self::EarliestLocal => (-4, 8),
            Self::LatestTiered => (-5, 9),
            Self::EarliestPendingUpload => (-6, 11),
        }
    }
}
