//! `Turn`: who drives the producer when several threads wait for it.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Threads that wait for a producer while another one drives it. Each time the driver has got
/// somewhere, or leaves, they look whether what they wait for has come, and one of them may drive.
#[derive(Default)]
pub(super) struct Turn {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How often a driver has got somewhere.
    rounds: u64,
    waiting: usize,
}

impl Turn {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often a driver has got somewhere. To be asked before looking for what is waited for.
    pub(super) fn rounds(&self) -> u64 {
        self.state().rounds
    }

    /// Says that the driver has got somewhere and has left, for now at least.
    pub(super) fn pass(&self) {
        let mut state = self.state();
        state.rounds += 1;
        if state.waiting > 0 {
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Has one of the waiting threads look for work.
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

    /// Waits until a driver has got somewhere since `rounds`, or for so long. `is_driven` says
    /// whether somebody drives: a driver leaves before it says so, and so is not missed.
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
