//! `Lag`: how far a group is behind the end of a partition.

/// How far a group is behind the end of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lag {
    /// The committed offset, if there is one.
    pub committed: Option<i64>,
    /// The first offset of the log.
    pub log_start: i64,
    /// The offset after the last record, or the last stable offset if only committed records count.
    pub end: i64,
    /// The number of offsets by which the group is behind; `None` if it has committed none. Offsets
    /// below the start of the log do not count, because there is nothing left to read there.
    pub records: Option<i64>,
}

impl Lag {
    pub(super) fn new(committed: Option<i64>, log_start: i64, end: i64) -> Self {
        let records = committed.map(|offset| (end - offset.max(log_start)).max(0));
        Self {
            committed,
            log_start,
            end,
            records,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lag_counts_from_the_start_of_the_log_and_is_never_negative() {
        assert_eq!(Lag::new(Some(7), 0, 10).records, Some(3));
        assert_eq!(Lag::new(Some(2), 5, 10).records, Some(5));
        assert_eq!(Lag::new(Some(12), 5, 10).records, Some(0));
        assert_eq!(Lag::new(None, 5, 10).records, None);
    }
}
