//! `SharedMember` and `Keeper`: a member that another thread keeps alive.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use super::group_member::{GroupMember, cannot_wait};
use super::membership::Event;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::{Waker, wait};

/// A member that a [`Keeper`] on another thread can keep alive while its owner is busy.
///
/// Whoever holds the lock drives the member. The keeper holds it while it waits, and lets go of it
/// at once when somebody else asks for it.
///
/// ```no_run
/// # use std::thread;
/// # use std::time::Duration;
/// # use libkafka_client::{Error, GroupMember, SharedMember};
/// # fn run(member: GroupMember) -> Result<(), Box<dyn std::error::Error>> {
/// let member = SharedMember::new(member)?;
/// thread::scope(|scope| {
///     let keeper = member.keeper();
///     scope.spawn(move || keeper.run());
///     let event = member.wait(Duration::from_secs(1));
///     // However long this takes, heartbeats go on.
///     thread::sleep(Duration::from_secs(100));
///     member.stop_keepers();
///     event
/// })?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SharedMember(Arc<Shared>);

struct Shared {
    member: Mutex<GroupMember>,
    /// How many want the lock, keepers aside.
    wanted: AtomicUsize,
    /// Rung when one of them has let go of it.
    freed: Condvar,
    /// Ends the wait of the keeper that holds it.
    waker: Waker,
    stopped: AtomicBool,
}

/// Keeps a [`SharedMember`] alive: sends its heartbeats, and takes what comes. It never gives up
/// partitions and never says that the owner makes progress, so the owner still has to poll within
/// `max_poll_interval`.
pub struct Keeper(SharedMember);

/// A [`GroupMember`], locked.
pub struct LockedMember<'a> {
    /// Taken only when it is dropped.
    guard: Option<MutexGuard<'a, GroupMember>>,
    shared: &'a Shared,
}

impl SharedMember {
    /// Shares a member.
    ///
    /// # Errors
    /// The system's, such as too many open files.
    pub fn new(member: GroupMember) -> io::Result<Self> {
        Ok(Self(Arc::new(Shared {
            member: Mutex::new(member),
            wanted: AtomicUsize::new(0),
            freed: Condvar::new(),
            waker: Waker::new()?,
            stopped: AtomicBool::new(false),
        })))
    }

    /// Locks the member. A keeper that drives it lets go at once.
    pub fn lock(&self) -> LockedMember<'_> {
        let shared = &*self.0;
        let guard = shared.try_lock().unwrap_or_else(|| {
            shared.wanted.fetch_add(1, Ordering::AcqRel);
            shared.waker.wake();
            let guard = shared.lock();
            shared.wanted.fetch_sub(1, Ordering::AcqRel);
            guard
        });
        LockedMember {
            guard: Some(guard),
            shared,
        }
    }

    /// As [`GroupMember::wait`].
    ///
    /// # Errors
    /// As [`GroupMember::wait`].
    pub fn wait(&self, time: Duration) -> Result<Option<Event>, Error> {
        self.lock().wait(time)
    }

    /// Something for another thread to [run](Keeper::run).
    pub fn keeper(&self) -> Keeper {
        Keeper(self.clone())
    }

    /// Has every keeper return.
    pub fn stop_keepers(&self) {
        self.0.stopped.store(true, Ordering::Release);
        drop(self.lock());
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, GroupMember> {
        self.member.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock, if nobody has it: nobody has to be woken then.
    fn try_lock(&self) -> Option<MutexGuard<'_, GroupMember>> {
        match self.member.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The lock, once nobody else wants it.
    fn lock_last(&self) -> MutexGuard<'_, GroupMember> {
        let mut guard = self.lock();
        while self.wanted.load(Ordering::Acquire) > 0 {
            guard = self
                .freed
                .wait(guard)
                .unwrap_or_else(PoisonError::into_inner);
        }
        guard
    }
}

impl Keeper {
    /// Keeps the member alive, in this thread, until the membership is over or
    /// [`stop_keepers`](SharedMember::stop_keepers) is called. Works out who reads what while the
    /// lock is free, so that heartbeats of another keeper, or the owner's, go on.
    ///
    /// # Errors
    /// [`Error::Config`] where the system cannot wait. Other errors are left to the owner, who
    /// meets them too.
    pub fn run(&self) -> Result<(), Error> {
        let shared = &*self.0.0;
        loop {
            let mut member = shared.lock_last();
            if shared.stopped.load(Ordering::Acquire) || member.is_over() {
                return Ok(());
            }
            // The owner hears of it when it calls.
            let _ = member.advance();
            if let Some((id, task)) = member.take_assignment() {
                drop(member);
                let assigned = task.run();
                shared.lock_last().assigned(id, assigned);
                continue;
            }
            let deadline = Deadline::after(Duration::from_secs(3600));
            wait(&[&*member, &shared.waker], deadline).map_err(cannot_wait)?;
            shared.waker.take();
        }
    }
}

impl Deref for LockedMember<'_> {
    type Target = GroupMember;

    fn deref(&self) -> &GroupMember {
        self.guard.as_ref().expect("it is only taken in `drop`")
    }
}

impl DerefMut for LockedMember<'_> {
    fn deref_mut(&mut self) -> &mut GroupMember {
        self.guard.as_mut().expect("it is only taken in `drop`")
    }
}

impl Drop for LockedMember<'_> {
    fn drop(&mut self) {
        self.guard.take();
        self.shared.freed.notify_all();
    }
}

impl fmt::Debug for SharedMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMember").finish_non_exhaustive()
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

impl fmt::Debug for LockedMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
