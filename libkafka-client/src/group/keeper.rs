//! `SharedMember` and `Keeper`: a member that another thread keeps alive.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::group_member::{GroupMember, cannot_wait};
use super::membership::Event;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::{Handover, Held, wait};

/// A member that a [`Keeper`] on another thread can keep alive while its owner is busy.
///
/// The thread that holds the lock drives the member. A keeper holds the lock while it waits, and
/// releases it at once when another thread wants it.
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
    member: Handover<GroupMember>,
    stopped: AtomicBool,
}

/// Keeps a [`SharedMember`] alive: sends its heartbeats and receives what arrives. It never gives
/// up partitions and never says that the owner makes progress, so the owner still has to poll
/// within `max_poll_interval`.
pub struct Keeper(SharedMember);

/// A [`GroupMember`], locked.
pub struct LockedMember<'a>(Held<'a, GroupMember>);

impl SharedMember {
    /// Shares a member.
    ///
    /// # Errors
    /// Errors of the system, such as too many open files.
    pub fn new(member: GroupMember) -> io::Result<Self> {
        Ok(Self(Arc::new(Shared {
            member: Handover::new(member)?,
            stopped: AtomicBool::new(false),
        })))
    }

    /// Locks the member. A keeper that drives it releases it at once.
    pub fn lock(&self) -> LockedMember<'_> {
        LockedMember(self.0.member.lock())
    }

    /// Like [`GroupMember::wait`].
    ///
    /// # Errors
    /// The errors of [`GroupMember::wait`].
    pub fn wait(&self, time: Duration) -> Result<Option<Event>, Error> {
        self.lock().wait(time)
    }

    /// Makes a keeper for another thread to [run](Keeper::run).
    pub fn keeper(&self) -> Keeper {
        Keeper(self.clone())
    }

    /// Makes every keeper return.
    pub fn stop_keepers(&self) {
        self.0.stopped.store(true, Ordering::Release);
        drop(self.lock());
    }
}

impl Keeper {
    /// Keeps the member alive, in this thread, until the membership is over or
    /// [`stop_keepers`](SharedMember::stop_keepers) is called. Computes assignments while the lock
    /// is free, so that heartbeats of another keeper or the owner continue.
    ///
    /// # Errors
    /// [`Error::Config`] if the system cannot wait. Other errors are left to the owner, who sees
    /// them too.
    pub fn run(&self) -> Result<(), Error> {
        let shared = &*self.0.0;
        loop {
            let mut member = shared.member.lock_last();
            if shared.stopped.load(Ordering::Acquire) || member.is_over() {
                return Ok(());
            }
            // The owner hears of it when it calls.
            let _ = member.advance();
            if let Some((id, task)) = member.take_assignment() {
                drop(member);
                let assigned = task.run();
                shared.member.lock_last().assigned(id, assigned);
                continue;
            }
            let deadline = Deadline::after(Duration::from_secs(3600));
            let waker = shared.member.waker();
            wait(&[&*member, waker], deadline).map_err(cannot_wait)?;
            waker.take();
        }
    }
}

impl Deref for LockedMember<'_> {
    type Target = GroupMember;

    fn deref(&self) -> &GroupMember {
        &self.0
    }
}

impl DerefMut for LockedMember<'_> {
    fn deref_mut(&mut self) -> &mut GroupMember {
        &mut self.0
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
