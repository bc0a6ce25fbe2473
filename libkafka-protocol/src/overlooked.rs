//! `Overlooked`: the faults that lenient decoding did not refuse.

use core::fmt;

/// The faults that lenient decoding found and did not refuse.
///
/// [`KafkaWire::decode_lenient`](crate::KafkaWire::decode_lenient) and the functions of
/// [`frame`](crate::frame) return it. Log it if it [is not empty](Self::is_empty): the peer does
/// not follow Kafka's schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Overlooked {
    /// The number of bytes after the end of the message, which were skipped. Kafka's brokers and
    /// clients skip them too.
    pub trailing_bytes: usize,
    /// The number of arrays that were null although the version does not allow null, and were read
    /// as empty arrays.
    pub null_arrays: usize,
}

impl Overlooked {
    /// Returns whether the message had no faults, so that
    /// [`decode_exact`](crate::KafkaWire::decode_exact) would have read it too.
    #[inline]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Overlooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            trailing_bytes,
            null_arrays,
        } = self;
        write!(
            f,
            "trailing bytes: {trailing_bytes}, null arrays: {null_arrays}"
        )
    }
}
