//! `Limits`: how much memory and depth a message may use while it is decoded.

/// The most bytes of a string. Kafka enforces it in the compact form too, which could hold more.
pub(crate) const MAX_STRING: usize = i16::MAX as usize;

/// How much memory and depth a message may use while it is decoded.
///
/// The defaults are enough for every message of Apache Kafka: the worst valid frame takes 35 times
/// its length in memory. A struct of your own that has large fields with tiny encodings may need
/// more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most memory for arrays and boxes, as a multiple of the input's length. Strings, bytes
    /// and unknown tags do not count: they take no more memory than they took of the input.
    /// Default: 64.
    pub memory_factor: usize,
    /// The most levels of nested arrays and boxes. Default: 32.
    pub depth: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_factor: 64,
            depth: 32,
        }
    }
}

impl Limits {
    /// Sets [`memory_factor`](Self::memory_factor).
    #[must_use]
    pub const fn memory_factor(mut self, factor: usize) -> Self {
        self.memory_factor = factor;
        self
    }

    /// Sets [`depth`](Self::depth).
    #[must_use]
    pub const fn depth(mut self, levels: u16) -> Self {
        self.depth = levels;
        self
    }
}
