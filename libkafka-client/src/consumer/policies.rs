//! Policies: what a consumer does by itself, and what it leaves to its owner.

use std::time::Duration;

/// Where to begin with a partition for which nothing is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum StartAt {
    /// At the first record that there is.
    #[default]
    Earliest,
    /// At the end, as it is when the consumer first hears of the partitions. Partitions that are
    /// added later are read from their beginning, so that none of their records is missed.
    Latest,
    /// At the first record whose timestamp is this or later, in milliseconds since 1970; at the
    /// end if there is none. Partitions that are added later are read from their beginning.
    Timestamp(i64),
    /// Nowhere: [`Polled::Trouble`](crate::Polled::Trouble) says so, and the partition waits for
    /// [`seek`](crate::Consumer::seek).
    Error,
}

/// What to do when the log does not have the offset that is to be read: records were deleted
/// before they were read, or the log was cut off. [`Polled::Trouble`](crate::Polled::Trouble) says
/// so in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnOutOfRange {
    /// Wait for [`seek`](crate::Consumer::seek).
    #[default]
    Stop,
    /// Go on at the start of the log if the offset is before it, else at its end.
    Nearest,
    /// Go on at the start of the log.
    Earliest,
    /// Go on at the end of the log. Loses records if the offset was before its start.
    Latest,
}

/// What to do when records that were read are no longer in the log: they were lost with a leader,
/// and others may have taken their offsets (KIP-320). [`Polled::Trouble`](crate::Polled::Trouble)
/// says so in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnTruncation {
    /// Go back to where the logs part, and read what is there now.
    #[default]
    Rewind,
    /// Wait for [`seek`](crate::Consumer::seek).
    Stop,
}

/// What to do about a batch that cannot be read: its checksum or its header is wrong.
/// [`Polled::Trouble`](crate::Polled::Trouble) says so in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnCorruptBatch {
    /// Wait for [`seek`](crate::Consumer::seek).
    #[default]
    Stop,
    /// Go on after the batch, if its header says where that is. Loses its records.
    Skip,
}

/// When a consumer commits by itself what is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Commits {
    /// Never.
    ByHand,
    /// Before it gives partitions up, and when it is closed.
    #[default]
    BeforeRelease,
    /// Then too, and every so often within [`poll`](crate::Consumer::poll), or while
    /// [`Workers`](crate::Workers) work.
    Every(Duration),
}
