//! [`FaultHandle`]: the handle of a fault that has been injected.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fault::Entry;
use crate::shared::Shared;

/// How long [`FaultHandle::wait`] waits. This is far more than any test should take: a busy machine
/// is not a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fault that has been injected. It is active until this is dropped.
///
/// # Panics
/// When it is dropped without having struck (unless the thread is already panicking), because a
/// test of a fault that passes without the fault proves nothing. [`remove`](Self::remove) does not
/// panic.
#[must_use = "the fault is removed when this is dropped"]
pub struct FaultHandle {
    entry: Arc<Entry>,
    shared: Arc<Shared>,
    /// Whether it may be dropped without having struck.
    may_have_missed: bool,
}

impl FaultHandle {
    pub(crate) fn new(entry: Arc<Entry>, shared: Arc<Shared>) -> Self {
        Self {
            entry,
            shared,
            may_have_missed: false,
        }
    }

    /// The number of times that it has struck.
    pub fn hits(&self) -> usize {
        self.entry.hits()
    }

    /// Waits until it has struck `hits` times.
    ///
    /// # Panics
    /// If that takes more than a minute.
    #[track_caller]
    pub fn wait(&self, hits: usize) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shared.lock();
        while self.hits() < hits {
            let struck = self.hits();
            let late = Instant::now() >= deadline;
            if late {
                drop(state);
                panic!("{self:?} struck {struck} times in a minute, not {hits}");
            }
            state.wait_at_most(deadline.saturating_duration_since(Instant::now()));
        }
    }

    /// Releases requests that a [`pause`](crate::Fault::pause) holds, now and from now on.
    pub fn release(&self) {
        let mut state = self.shared.lock();
        self.entry.release();
        state.mark_changed();
    }

    /// Removes the fault, whether or not it has struck, and returns how often it has.
    pub fn remove(mut self) -> usize {
        self.end();
        let hits = self.hits();
        self.may_have_missed = true;
        hits
    }

    fn end(&self) {
        self.release();
        let mut state = self.shared.lock();
        state
            .faults
            .retain(|entry| !Arc::ptr_eq(entry, &self.entry));
    }
}

impl Drop for FaultHandle {
    fn drop(&mut self) {
        self.end();
        assert!(
            self.hits() > 0 || self.may_have_missed || std::thread::panicking(),
            "{self:?} never struck, so the test has not seen what it is about"
        );
    }
}

impl fmt::Debug for FaultHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the fault ({}) injected at {}",
            self.entry.name, self.entry.place
        )
    }
}
