//! [`Entry`]: a fault within the broker, with its counters.

use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::action::Action;
use super::fault::ArmedFault;
use super::matcher::{Matcher, RequestFacts};
use super::target::Scope;

/// A fault within the broker.
pub(crate) struct Entry {
    pub(crate) place: &'static Location<'static>,
    pub(crate) name: String,
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

    /// Whether it applies to this request. If so, that counts as a hit.
    pub(crate) fn strike(&self, facts: &RequestFacts<'_>) -> bool {
        let mut matcher = lock(&self.matcher);
        if !matcher.matches(facts) {
            return false;
        }
        let mut counts = lock(&self.counts);
        counts.seen += 1;
        let strikes = counts.seen > matcher.skip && counts.hits < matcher.times;
        counts.hits += usize::from(strikes);
        strikes
    }

    /// The number of requests to which it has applied.
    pub(crate) fn hits(&self) -> usize {
        lock(&self.counts).hits
    }

    /// Releases what it holds, now and from now on.
    pub(crate) fn release(&self) {
        lock(&self.counts).released = true;
    }

    pub(crate) fn is_released(&self) -> bool {
        lock(&self.counts).released
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
