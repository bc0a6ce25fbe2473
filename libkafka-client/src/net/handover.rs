//! `Handover`: a value that one thread drives while it waits, and that others can take at any time.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};

use super::waker::Waker;

/// A value behind a lock that one thread holds while it waits for sockets. A thread that wants the
/// value wakes the first, which releases the lock at once.
#[derive(Debug)]
pub(crate) struct Handover<T> {
    value: Mutex<T>,
    /// The number of threads that want the lock, apart from the one that drives the value.
    wanted: AtomicUsize,
    /// The number of threads that wait until nobody wants the lock. Only changed under the lock.
    waiting: AtomicUsize,
    /// Notified when one that wanted the lock has released it, if any thread waits for that:
    /// notifying costs a system call, and a consumer locks its member several times for each
    /// response.
    freed: Condvar,
    /// Ends the wait of the thread that drives the value.
    waker: Waker,
}

/// The value, locked.
pub(crate) struct Held<'a, T> {
    /// `None` only while it is being dropped, or waits.
    guard: Option<MutexGuard<'a, T>>,
    handover: &'a Handover<T>,
}

impl<T> Handover<T> {
    pub(crate) fn new(value: T) -> io::Result<Self> {
        Ok(Self {
            value: Mutex::new(value),
            wanted: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            freed: Condvar::new(),
            waker: Waker::new()?,
        })
    }

    /// Locks the value. The thread that drives it releases it at once.
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

    /// Locks the value once nothing else wants it: for the thread that drives it.
    pub(crate) fn lock_last(&self) -> Held<'_, T> {
        let mut guard = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        while self.wanted.load(Ordering::Acquire) > 0 {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            guard = self
                .freed
                .wait(guard)
                .unwrap_or_else(PoisonError::into_inner);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        Held {
            guard: Some(guard),
            handover: self,
        }
    }

    /// The waker that ends the wait of the driving thread: wait for it too, and [take](Waker::take)
    /// it then.
    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }

    pub(crate) fn into_inner(self) -> T {
        self.value
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes those who wait until nobody wants the lock, which is about to be released: they look
    /// once they have it.
    fn notify(&self, _guard: &MutexGuard<'_, T>) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.freed.notify_all();
        }
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
    /// Releases the value until `bell` is notified.
    pub(crate) fn wait_for(mut self, bell: &Condvar) -> Self {
        if let Some(guard) = self.guard.take() {
            // It is the wait that releases the lock, and who waits for it gets it after that.
            self.handover.notify(&guard);
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
            .expect("the guard is only absent while it waits or is dropped")
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.guard
            .as_mut()
            .expect("the guard is only absent while it waits or is dropped")
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        if let Some(guard) = self.guard.take() {
            self.handover.notify(&guard);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_waits_until_nobody_wants_the_value_is_woken_when_another_releases_it() {
        let handover = Arc::new(Handover::new(()).unwrap());
        // As a thread does that is about to lock it.
        handover.wanted.fetch_add(1, Ordering::AcqRel);
        let (sender, receiver) = mpsc::channel();
        let last = Arc::clone(&handover);
        thread::spawn(move || {
            drop(last.lock_last());
            sender.send(()).unwrap();
        });
        while handover.waiting.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        let held = handover.lock();
        handover.wanted.fetch_sub(1, Ordering::AcqRel);
        drop(held);
        receiver.recv_timeout(Duration::from_secs(60)).unwrap();
    }
}
