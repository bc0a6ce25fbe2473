//! `Turn`: which thread drives the producer when several wait for it.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Threads that wait for a producer while another one drives it. Each time the driver has made
/// progress, or leaves, they check for what they wait for, and one of them may drive.
#[derive(Default)]
pub(super) struct Turn {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How often a driver has made progress.
    rounds: u64,
    waiting: usize,
}

impl Turn {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often a driver has made progress. Read it before checking for what is waited for.
    pub(super) fn rounds(&self) -> u64 {
        self.state().rounds
    }

    /// Notes that the driver has made progress and has left, at least for now.
    pub(super) fn pass(&self) {
        let mut state = self.state();
        state.rounds += 1;
        if state.waiting > 0 {
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Makes one of the waiting threads look for work.
    pub(super) fn call(&self) {
        let mut state = self.state();
        state.rounds += 1;
        if state.waiting > 0 {
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Whether threads wait.
    pub(super) fn has_waiting(&self) -> bool {
        self.state().waiting > 0
    }

    /// Waits until a driver has made progress since `rounds`, or for `wait`. `is_driven` says
    /// whether a thread drives: a driver leaves before it says so, so it is not missed.
    pub(super) fn follow(&self, rounds: u64, wait: Duration, is_driven: impl FnOnce() -> bool) {
        let mut state = self.state();
        if state.rounds != rounds || !is_driven() {
            return;
        }
        state.waiting += 1;
        let waited = self.changed.wait_timeout(state, wait);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
    }
}
