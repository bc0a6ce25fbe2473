//! The handle of a fault that has been injected.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::action::Action;
use super::matching::{Asked, Matcher};
use super::{ArmedFault, Scope};
use crate::shared::Shared;

/// How long [`FaultHandle::wait`] waits. Far more than any test should take: a busy machine is no
/// failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fault that has been injected. It strikes until this is dropped.
///
/// # Panics
/// When it is dropped without having struck (unless the thread panics already), because a test
/// of a fault that passes without the fault proves nothing. [`remove`](Self::remove) does not.
#[must_use = "the fault is gone when this is dropped"]
pub struct FaultHandle {
    entry: Arc<Entry>,
    shared: Arc<Shared>,
}

/// A fault within the broker.
pub(crate) struct Entry {
    place: &'static Location<'static>,
    name: String,
    pub(crate) scope: Scope,
    matcher: Mutex<Matcher>,
    pub(crate) action: Mutex<Action>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    seen: usize,
    hits: usize,
    released: bool,
}

impl Entry {
    pub(crate) fn new(fault: ArmedFault, place: &'static Location<'static>) -> Self {
        Self {
            place,
            name: format!("{:?}: {:?}", fault.matcher, fault.action),
            scope: fault.matcher.scope.clone(),
            matcher: Mutex::new(fault.matcher),
            action: Mutex::new(fault.action),
            counts: Mutex::default(),
        }
    }

    /// Does it strike this request? If so, that counts.
    pub(crate) fn strike(&self, asked: &Asked<'_>) -> bool {
        let mut matcher = lock(&self.matcher);
        if !matcher.matches(asked) {
            return false;
        }
        let mut counts = lock(&self.counts);
        counts.seen += 1;
        let strikes = counts.seen > matcher.skip && counts.hits < matcher.times;
        counts.hits += usize::from(strikes);
        strikes
    }

    pub(crate) fn is_released(&self) -> bool {
        lock(&self.counts).released
    }
}

impl FaultHandle {
    pub(crate) fn new(entry: Arc<Entry>, shared: Arc<Shared>) -> Self {
        Self { entry, shared }
    }

    /// How often it has struck.
    pub fn hits(&self) -> usize {
        lock(&self.entry.counts).hits
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

    /// Lets go of what a [`pause`](super::Fault::pause) holds, now and from now on.
    pub fn release(&self) {
        let mut state = self.shared.lock();
        lock(&self.entry.counts).released = true;
        state.touch();
    }

    /// Ends it, whether it has struck or not, and says how often it has.
    pub fn remove(self) -> usize {
        self.end();
        let hits = self.hits();
        // So that dropping it has nothing to complain about.
        lock(&self.entry.counts).hits = hits.max(1);
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
            self.hits() > 0 || std::thread::panicking(),
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
