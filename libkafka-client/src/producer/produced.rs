//! `Produced`: what the broker says of a batch that it stored.

use std::time::Duration;

/// A batch that was produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Produced {
    /// The offset of its first record; `None` with [`Acks::None`](crate::Acks::None), and for a
    /// duplicate about which the broker remembers nothing else.
    pub base_offset: Option<i64>,
    /// Whether the broker already had it, from an earlier try of an idempotent producer.
    pub duplicate: bool,
    /// When the broker appended it, in milliseconds since 1970, for a topic whose records have that
    /// timestamp (`message.timestamp.type=LogAppendTime`).
    pub log_append_time: Option<i64>,
    /// The first offset of the partition's log, if the broker sent it.
    pub log_start_offset: Option<i64>,
    /// How long the broker asks the client to hold back, or held it back itself.
    pub throttle: Duration,
}
