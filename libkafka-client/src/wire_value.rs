//! `known`, `to_millis`, `from_millis`: conversions from and to the values in messages.

use std::time::Duration;

/// The number, or `None` if it is negative, which in messages means that it is not known.
pub(crate) fn known<N: PartialOrd + Default>(number: N) -> Option<N> {
    (number >= N::default()).then_some(number)
}

/// Whole milliseconds; the maximum of a message if there are more.
pub(crate) fn to_millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

/// The duration in a message; zero if the number is negative.
pub(crate) fn from_millis(millis: i32) -> Duration {
    Duration::from_millis(millis.max(0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_numbers_are_none() {
        assert_eq!(known(-1), None);
        assert_eq!(known(i64::MIN), None);
        assert_eq!(known(0i32), Some(0));
        assert_eq!(known(i64::MAX), Some(i64::MAX));
    }

    #[test]
    fn milliseconds_stay_within_what_a_message_can_say() {
        assert_eq!(to_millis(Duration::from_micros(1999)), 1);
        assert_eq!(to_millis(Duration::MAX), i32::MAX);
        assert_eq!(from_millis(7), Duration::from_millis(7));
        assert_eq!(from_millis(i32::MIN), Duration::ZERO);
    }
}
