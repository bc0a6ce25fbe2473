//! `Versions`: a range of versions.

use core::fmt;

/// A closed range of message versions; empty if `min > max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Versions {
    /// The first version.
    pub min: i16,
    /// The last version; `i16::MAX` if the range has no end.
    pub max: i16,
}

impl Versions {
    /// Every version.
    pub const ALL: Self = Self::new(0, i16::MAX);
    /// No version.
    pub const NONE: Self = Self::new(0, -1);

    /// The range from `min` to `max`, both included.
    #[inline]
    pub const fn new(min: i16, max: i16) -> Self {
        Self { min, max }
    }

    /// Returns whether `version` is in the range.
    #[inline]
    pub const fn contains(self, version: i16) -> bool {
        self.min <= version && version <= self.max
    }

    /// Returns whether the range is empty.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.min > self.max
    }

    /// The versions in both ranges.
    #[must_use]
    #[inline]
    pub const fn intersect(self, other: Self) -> Self {
        let min = if self.min > other.min {
            self.min
        } else {
            other.min
        };
        let max = if self.max < other.max {
            self.max
        } else {
            other.max
        };
        Self { min, max }
    }

    /// Returns whether every version of `other` is in the range.
    #[inline]
    pub const fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.min <= other.min && other.max <= self.max)
    }

    /// The versions one by one, from the first.
    #[inline]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = i16> {
        self.min..=self.max
    }
}

impl fmt::Display for Versions {
    /// Writes the range as Kafka's schemas do: `4-18`, `12+`, `3`, `none`.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (min, max) if min > max => f.write_str("none"),
            (min, i16::MAX) => write!(f, "{min}+"),
            (min, max) if min == max => write!(f, "{min}"),
            (min, max) => write!(f, "{min}-{max}"),
        }
    }
}
