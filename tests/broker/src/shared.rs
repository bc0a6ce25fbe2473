//! The one state of all nodes, and the lock and the bell around it.

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
    /// Held by who builds a response that may be large, until the budget knows of it.
    pub(crate) building: Mutex<()>,
    /// Held by who unpacks a batch, which may take much memory and time.
    unpacking: Mutex<()>,
}

/// The state, locked. Whoever waits for a change of it is woken when this is dropped, if there
/// was one.
pub(crate) struct Locked<'a> {
    /// Taken only while waiting.
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

    /// Waits until nobody else unpacks a batch, and has others wait as long as the result is there.
    /// Not with the state locked.
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
    /// Lets go of the state until somebody has changed it, or until the clock shows `deadline`,
    /// or for no reason at all.
    pub(crate) fn wait(&mut self, deadline: Option<Time>) {
        match deadline {
            // A little more than what is left, so that it is really over then.
            Some(deadline) => self.wait_at_most(
                deadline.saturating_sub(self.clock.running()) + Duration::from_micros(50),
            ),
            None => self.wait_at_most(Duration::MAX),
        }
    }

    /// Lets go of the state until somebody has changed it, for so long at most, or for no reason
    /// at all.
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
