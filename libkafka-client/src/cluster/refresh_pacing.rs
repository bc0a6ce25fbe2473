//! `RefreshPacing`: decides when metadata may be requested again.

use std::time::{Duration, Instant};

/// Decides when to request metadata, on behalf of everything that needs it.
///
/// All partitions in trouble share a refresh. Refreshes are at least
/// [`FIRST_PAUSE`](Self::FIRST_PAUSE) apart, which doubles up to
/// [`LONGEST_PAUSE`](Self::LONGEST_PAUSE) while they bring nothing new. Without any trouble,
/// metadata is requested again when it is [`MAX_AGE`](Self::MAX_AGE) old, so that new partitions
/// are found.
///
/// It has no clock: the methods take the current time.
#[derive(Debug, Clone)]
pub struct RefreshPacing {
    wanted: bool,
    last: Option<Instant>,
    pause: Duration,
}

impl Default for RefreshPacing {
    fn default() -> Self {
        Self {
            wanted: true,
            last: None,
            pause: Self::FIRST_PAUSE,
        }
    }
}

impl RefreshPacing {
    /// The minimum time between two refreshes: 100 ms.
    pub const FIRST_PAUSE: Duration = Duration::from_millis(100);
    /// The minimum time between two refreshes after several that brought nothing new: 1 s.
    pub const LONGEST_PAUSE: Duration = Duration::from_secs(1);
    /// The age at which metadata is requested again even without trouble: 5 minutes.
    pub const MAX_AGE: Duration = Duration::from_secs(5 * 60);

    /// Notes that something needs fresh metadata.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// The time of the next refresh; `now` if it is due.
    pub fn due(&self, now: Instant) -> Instant {
        self.due_within(now, Self::MAX_AGE)
    }

    /// Like [`due`](Self::due), with another age than [`MAX_AGE`](Self::MAX_AGE).
    pub fn due_within(&self, now: Instant, max_age: Duration) -> Instant {
        let Some(last) = self.last else {
            return now;
        };
        let distance = if self.wanted { self.pause } else { max_age };
        now.max(last + distance)
    }

    /// Whether a refresh is due.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due(now) <= now
    }

    /// Notes that a refresh began, which serves everything that has wanted one until now.
    pub fn begun(&mut self, now: Instant) {
        self.last = Some(now);
        self.wanted = false;
    }

    /// Notes that the refresh brought something new, so the next one need not wait longer.
    pub fn brought_changes(&mut self) {
        self.pause = Self::FIRST_PAUSE;
    }

    /// Notes that the refresh failed, or brought nothing new.
    pub fn brought_nothing(&mut self) {
        self.pause = self.pause.saturating_mul(2).min(Self::LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_refresh_is_due_at_once() {
        assert!(RefreshPacing::default().is_due(Instant::now()));
    }

    #[test]
    fn all_that_are_in_trouble_share_a_refresh_and_the_next_comes_100_ms_later() {
        let start = Instant::now();
        let mut pacing = RefreshPacing::default();
        pacing.want();
        pacing.want();
        pacing.begun(start);
        assert!(
            !pacing.is_due(start + 200 * MS),
            "the trouble is dealt with"
        );
        pacing.want();
        assert_eq!(pacing.due(start + 50 * MS), start + 100 * MS);
        assert!(!pacing.is_due(start + 99 * MS));
        assert!(pacing.is_due(start + 100 * MS));
    }

    #[test]
    fn what_is_wanted_while_a_refresh_is_on_the_way_takes_another() {
        let start = Instant::now();
        let mut pacing = RefreshPacing::default();
        pacing.begun(start);
        pacing.want();
        pacing.brought_changes();
        assert!(pacing.is_due(start + 100 * MS));
    }

    #[test]
    fn refreshes_that_bring_nothing_keep_a_growing_distance() {
        let start = Instant::now();
        let mut pacing = RefreshPacing::default();
        let mut distances = Vec::new();
        for _ in 0..6 {
            pacing.begun(start);
            pacing.brought_nothing();
            pacing.want();
            distances.push((pacing.due(start) - start).as_millis());
        }
        assert_eq!(distances, [200, 400, 800, 1000, 1000, 1000]);
        pacing.brought_changes();
        assert_eq!(pacing.due(start), start + 100 * MS);
    }

    #[test]
    fn metadata_that_is_old_is_asked_for_without_any_trouble() {
        let start = Instant::now();
        let mut pacing = RefreshPacing::default();
        pacing.begun(start);
        assert_eq!(pacing.due(start), start + RefreshPacing::MAX_AGE);
    }
}
