//! [`Segment`]: which part of a log new batches belong to, since no read goes beyond the end of
//! one.

use libkafka_batch::BatchHeader;

use super::configs::Configs;

/// The last segment of a log, as Kafka would have it in a file of its own.
#[derive(Debug)]
pub(crate) struct Segment {
    /// How many came before it.
    pub(crate) number: u32,
    /// When it was begun, in milliseconds since 1970.
    created_ms: i64,
    /// The size of what was appended to it, in bytes.
    size: i64,
    /// The greatest timestamp of its first batch; `None` if it has no batch yet.
    first_timestamp: Option<i64>,
}

/// When a segment is full, as a topic is configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SegmentLimits {
    /// `segment.bytes`.
    bytes: i64,
    /// `segment.ms`.
    ms: i64,
}

impl SegmentLimits {
    pub(crate) fn of(configs: &Configs) -> Self {
        Self {
            bytes: configs.topic_number("segment.bytes"),
            ms: configs.topic_number("segment.ms"),
        }
    }
}

impl Segment {
    pub(crate) fn new(number: u32, created_ms: i64) -> Self {
        Self {
            number,
            created_ms,
            size: 0,
            first_timestamp: None,
        }
    }

    /// Takes in a batch of `size` bytes, for which a new segment begins if this one is full.
    pub(crate) fn append(
        &mut self,
        header: &BatchHeader,
        size: usize,
        limits: SegmentLimits,
        now_ms: i64,
    ) {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if self.is_full(header.max_timestamp, size, limits, now_ms) {
            *self = Self::new(self.number + 1, now_ms);
        }
        self.size += size;
        self.first_timestamp.get_or_insert(header.max_timestamp);
    }

    /// Goes back to the segment with this number, of which these batches are left, the last one
    /// first: the greatest timestamp of each, and its size.
    pub(crate) fn truncate(&mut self, number: u32, kept: impl Iterator<Item = (i64, usize)>) {
        *self = Self::new(number, self.created_ms);
        for (timestamp, size) in kept {
            self.size += i64::try_from(size).unwrap_or(i64::MAX);
            self.first_timestamp = Some(timestamp);
        }
    }

    /// As Kafka's `LogSegment.shouldRoll`. Time passes with the timestamps of the batches, if there
    /// are any.
    fn is_full(&self, timestamp: i64, size: i64, limits: SegmentLimits, now_ms: i64) -> bool {
        let waited = match self.first_timestamp {
            Some(first) if first >= 0 => timestamp.saturating_sub(first),
            _ => now_ms.saturating_sub(self.created_ms),
        };
        self.size > limits.bytes - size || self.size > 0 && waited > limits.ms
    }
}
