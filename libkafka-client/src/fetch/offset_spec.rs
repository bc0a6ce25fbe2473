//! `OffsetSpec`, and the results of looking one up.

use crate::wire_value::known;
/// A place in a partition's log whose offset can be looked up (ListOffsets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OffsetSpec {
    /// The first record of the log.
    Earliest,
    /// The offset after the last record: of all records, or of those that no open transaction holds
    /// back, depending on the [`Isolation`](crate::Isolation).
    Latest,
    /// The first record with this timestamp or a later one, in milliseconds since 1970; not
    /// negative.
    Timestamp(i64),
    /// The record with the greatest timestamp (KIP-734). Needs Kafka 3.0.
    MaxTimestamp,
    /// The first record on the leader's own disk, if older ones are in tiered storage (KIP-405).
    /// Needs Kafka 3.4.
    EarliestLocal,
    /// The last record in tiered storage (KIP-1005). Needs Kafka 3.9.
    LatestTiered,
    /// The first record that is not in tiered storage yet (KIP-1023). Needs Kafka 4.2.
    EarliestPendingUpload,
}

/// An offset that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OffsetAndTimestamp {
    /// The offset.
    pub offset: i64,
    /// The timestamp of that record in milliseconds since 1970, if the place was given by a
    /// timestamp.
    pub timestamp: Option<i64>,
    /// The epoch of the leader that wrote the record (KIP-320), if the broker sent it.
    pub leader_epoch: Option<i32>,
}

/// The end of an epoch in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EpochEndOffset {
    /// The last epoch in the log that is not after the requested one; `None` if there is none.
    pub leader_epoch: Option<i32>,
    /// The offset after the last record of that epoch.
    pub end_offset: Option<i64>,
}

impl OffsetAndTimestamp {
    /// Makes one from a response, in which negative numbers mean that there is none.
    pub(crate) fn new(offset: i64, timestamp: i64, leader_epoch: i32) -> Option<Self> {
        (offset >= 0).then_some(Self {
            offset,
            timestamp: known(timestamp),
            leader_epoch: known(leader_epoch),
        })
    }
}

impl EpochEndOffset {
    /// Makes one from a response, in which negative numbers mean that there is none.
    pub(crate) fn new(leader_epoch: i32, end_offset: i64) -> Self {
        Self {
            leader_epoch: known(leader_epoch),
            end_offset: known(end_offset),
        }
    }
}

impl OffsetSpec {
    /// The timestamp that represents it in requests, and the first version that supports it.
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
