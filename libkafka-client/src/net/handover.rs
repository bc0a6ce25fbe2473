//! `Handover`: a value that one thread drives while it waits, and that others take at any time.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};

use super::waker::Waker;

/// A value behind a lock that one thread holds while it waits for sockets. Whoever else wants it
/// wakes that thread, which lets go of it at once.
#[derive(Debug)]
pub(crate) struct Handover<T> {
    value: Mutex<T>,
    /// How many want the lock, those aside who drive the value.
    wanted: AtomicUsize,
    /// Rung when one of them has let go of it.
    freed: Condvar,
    /// Ends the wait of the thread that drives the value.
    waker: Waker,
}

/// The value, locked.
pub(crate) struct Held<'a, T> {
    /// Taken only when it is dropped, or waits.
    guard: Option<MutexGuard<'a, T>>,
    handover: &'a Handover<T>,
}

impl<T> Handover<T> {
    pub(crate) fn new(value: T) -> io::Result<Self> {
        Ok(Self {
            value: Mutex::new(value),
            wanted: AtomicUsize::new(0),
            freed: Condvar::new(),
            waker: Waker::new()?,
        })
    }

    /// Locks the value. Whoever drives it lets go at once.
    pub(crate) fn lock(&self) -> Held<'_, T> {
        // If nobody has it, nobody has to be woken.
        let guard = self.try_lock().unwrap_or_else(|| {
            self.wanted.fetch_add(1, Ordering::AcqRel);
            self.waker.wake();
            let guard = self.value.lock().unwrap_or_else(PoisonError::into_inner);
            self.wanted.fetch_sub(1, Ordering::AcqRel);
            guard
        });
        Held {
            guard: Some(guard),
            handover: self,
        }
    }

    /// Locks the value once nobody else wants it: for those who drive it.
    pub(crate) fn lock_last(&self) -> Held<'_, T> {
        let mut guard = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        while self.wanted.load(Ordering::Acquire) > 0 {
            guard = self
                .freed
                .wait(guard)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Held {
            guard: Some(guard),
            handover: self,
        }
    }

    /// Ends the wait of whoever drives the value: to be waited for, and [taken](Waker::take) then.
    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }

    pub(crate) fn into_inner(self) -> T {
        self.value
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.value.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl<T> Held<'_, T> {
    /// Lets go of the value until `bell` rings.
    pub(crate) fn wait_for(mut self, bell: &Condvar) -> Self {
        if let Some(guard) = self.guard.take() {
            self.handover.freed.notify_all();
            let guard = bell.wait(guard).unwrap_or_else(PoisonError::into_inner);
            self.guard = Some(guard);
        }
        self
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.guard
            .as_ref()
            .expect("it is there but while it waits or is dropped")
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.guard
            .as_mut()
            .expect("it is there but while it waits or is dropped")
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        self.guard.take();
        self.handover.freed.notify_all();
    }
}
