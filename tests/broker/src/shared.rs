//! [`Shared`]: the one state of all nodes, with its lock and its condition variable.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::budget::Budget;
use crate::clock::Time;
use crate::state::State;

/// What all threads of a broker share.
pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(crate) budget: Budget,
    /// Held by the thread that builds a response that may be large, until the budget includes it.
    pub(crate) building: Mutex<()>,
    /// Held by the thread that decompresses a batch, which may take much memory and time.
    unpacking: Mutex<()>,
}

/// The state, locked. When this is dropped after a change, threads that wait for a change are
/// woken.
pub(crate) struct Locked<'a> {
    /// `None` only while waiting.
    guard: Option<MutexGuard<'a, State>>,
    shared: &'a Shared,
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            budget: Budget::default(),
            building: Mutex::new(()),
            unpacking: Mutex::new(()),
        }
    }

    /// Waits until no other batch is being decompressed, and makes others wait as long as the
    /// result exists. Must not be called with the state locked.
    pub(crate) fn unpack_alone(&self) -> MutexGuard<'_, ()> {
        self.unpacking
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lock(&self) -> Locked<'_> {
        // A closure of a test may panic with the lock held; the state is whole nonetheless.
        let guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Locked {
            guard: Some(guard),
            shared: self,
        }
    }
}

impl Locked<'_> {
    /// Releases the state until it has been changed, or until the clock shows `deadline`, or
    /// spuriously.
    pub(crate) fn wait(&mut self, deadline: Option<Time>) {
        match deadline {
            // A little more than what is left, so that it is really over then.
            Some(deadline) => self.wait_at_most(
                deadline.saturating_sub(self.clock.running()) + Duration::from_micros(50),
            ),
            None => self.wait_at_most(Duration::MAX),
        }
    }

    /// Releases the state until it has been changed, or for at most this long, or spuriously.
    pub(crate) fn wait_at_most(&mut self, limit: Duration) {
        self.ring();
        let Some(guard) = self.guard.take() else {
            return;
        };
        let bell = &self.shared.changed;
        let guard = if limit == Duration::MAX {
            bell.wait(guard).unwrap_or_else(PoisonError::into_inner)
        } else {
            let waited = bell.wait_timeout(guard, limit);
            waited.unwrap_or_else(PoisonError::into_inner).0
        };
        self.guard = Some(guard);
    }

    fn ring(&mut self) {
        if let Some(state) = &mut self.guard
            && std::mem::take(&mut state.changed)
        {
            self.shared.changed.notify_all();
        }
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.ring();
    }
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.guard.as_ref().expect("it is only taken within `wait`")
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.guard.as_mut().expect("it is only taken within `wait`")
    }
}
