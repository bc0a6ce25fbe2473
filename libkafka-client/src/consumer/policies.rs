//! `StartAt`, `OnOutOfRange` and the like: what a consumer decides by itself, and what it leaves to
//! its owner.

use std::time::Duration;

/// Where to begin with a partition for which nothing is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum StartAt {
    /// At the first record of the log.
    #[default]
    Earliest,
    /// At the end, as it is when the consumer first learns of the partitions. Partitions that are
    /// added later are read from their beginning, so that none of their records is missed.
    Latest,
    /// At the first record with this timestamp or a later one, in milliseconds since 1970; at the
    /// end if there is none. Partitions that are added later are read from their beginning.
    Timestamp(i64),
    /// Nowhere: [`Polled::Trouble`](crate::Polled::Trouble) reports it, and the partition waits for
    /// [`seek`](crate::Consumer::seek).
    Error,
}

/// What to do when the log does not have the offset to read: records were deleted before they were
/// read, or the log was truncated. [`Polled::Trouble`](crate::Polled::Trouble) reports it in any
/// case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnOutOfRange {
    /// Wait for [`seek`](crate::Consumer::seek).
    #[default]
    Stop,
    /// Continue at the start of the log if the offset is before it, otherwise at its end.
    Nearest,
    /// Continue at the start of the log.
    Earliest,
    /// Continue at the end of the log. This loses records if the offset was before the start.
    Latest,
}

/// What to do when records that were read are no longer in the log: they were lost with a leader,
/// and other records may have taken their offsets (KIP-320).
/// [`Polled::Trouble`](crate::Polled::Trouble) reports it in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnTruncation {
    /// Go back to where the logs diverge, and read what is there now.
    #[default]
    Rewind,
    /// Wait for [`seek`](crate::Consumer::seek).
    Stop,
}

/// What to do about a batch that cannot be read because its checksum or its header is wrong.
/// [`Polled::Trouble`](crate::Polled::Trouble) reports it in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnCorruptBatch {
    /// Wait for [`seek`](crate::Consumer::seek).
    #[default]
    Stop,
    /// Continue after the batch, if its header says where that is. This loses its records.
    Skip,
}

/// When a consumer commits what is handled by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Commits {
    /// Never.
    ByHand,
    /// Before it gives up partitions, and when it is closed.
    #[default]
    BeforeRelease,
    /// In addition, at this interval: within [`poll`](crate::Consumer::poll), or while
    /// [`Workers`](crate::Workers) work.
    Every(Duration),
}
