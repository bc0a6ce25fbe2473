//! `wait`: waits until one of several things can continue.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use smallvec::SmallVec;

use super::interest::{Interest, Source};
use crate::deadline::Deadline;

/// The interval at which to try things that the system cannot wait for.
const TURN: Duration = Duration::from_millis(5);

/// The longest single wait that the system is asked for; some accept no more than 24 days.
const LONGEST: Duration = Duration::from_secs(3600);

/// Something that [`wait`] can wait for.
pub trait Waitable {
    /// What must happen before it can continue. Called before each wait.
    fn interest(&self) -> Interest<'_>;
}

/// The things that can continue, by their index among those that were waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready(SmallVec<[usize; 8]>);

impl Ready {
    /// Whether the one at `index` can continue.
    pub fn contains(&self, index: usize) -> bool {
        self.0.binary_search(&index).is_ok()
    }

    /// Whether none of them can: the deadline has passed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their indices, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().copied()
    }
}

/// Waits until one of `waitables` can continue or the deadline has passed, and returns those that
/// can.
///
/// Lanes, members of groups and wakers go into one wait, any number of each.
///
/// Nothing is lost between two waits: anything that can continue and was not attended to is
/// returned again. To be able to end a wait from another thread or from a signal handler, include a
/// [`Waker`](crate::Waker).
///
/// ```
/// use std::time::Duration;
/// use libkafka_client::{Deadline, Waker, wait};
///
/// let waker = Waker::new()?;
/// let ready = wait(&[&waker], Deadline::after(Duration::from_millis(1)))?;
/// assert!(ready.is_empty());
/// waker.wake();
/// let ready = wait(&[&waker], Deadline::after(Duration::from_secs(60)))?;
/// assert!(ready.contains(0));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Errors of the system, such as too little memory.
pub fn wait(waitables: &[&dyn Waitable], deadline: Deadline) -> io::Result<Ready> {
    wait_for(waitables.iter().map(|one| one.interest()), deadline)
}

/// Like [`wait`], with these interests.
pub(crate) fn wait_for<'a>(
    interests: impl IntoIterator<Item = Interest<'a>>,
    deadline: Deadline,
) -> io::Result<Ready> {
    let mut waiting = Waiting::new(interests);
    loop {
        let now = Instant::now();
        let mut ready = waiting.ready_at(now);
        let pause = match ready.0.is_empty() {
            true => waiting.pause(now, deadline.instant()),
            // They are not to wait, but others may be ready too.
            false => Duration::ZERO,
        };
        waiting.poll(pause, &mut ready)?;
        // Those too while others are busy, since nobody else asks them.
        if !pause.is_zero() || !ready.0.is_empty() {
            ready.0.extend(waiting.in_turn.iter().copied());
        }
        if !ready.0.is_empty() || deadline.is_past() {
            ready.0.sort_unstable();
            ready.0.dedup();
            return Ok(ready);
        }
    }
}

/// The set of things that are waited for.
struct Waiting<'a> {
    now: SmallVec<[usize; 8]>,
    at: SmallVec<[(usize, Instant); 8]>,
    in_turn: SmallVec<[usize; 8]>,
    polled: SmallVec<[usize; 8]>,
    sockets: SmallVec<[PollFd<'a>; 8]>,
}

impl<'a> Waiting<'a> {
    fn new(interests: impl IntoIterator<Item = Interest<'a>>) -> Self {
        let mut waiting = Self {
            now: SmallVec::new(),
            at: SmallVec::new(),
            in_turn: SmallVec::new(),
            polled: SmallVec::new(),
            sockets: SmallVec::new(),
        };
        for (i, interest) in interests.into_iter().enumerate() {
            if let Some(at) = interest.at {
                waiting.at.push((i, at));
            }
            for source in interest.sources() {
                waiting.add(i, source);
            }
        }
        waiting
    }

    fn add(&mut self, i: usize, source: Source<'a>) {
        match source {
            Source::Nothing => {}
            Source::Now => self.now.push(i),
            Source::Unknown => self.in_turn.push(i),
            Source::Socket {
                socket,
                readable,
                writable,
            } => {
                let mut flags = PollFlags::empty();
                flags.set(PollFlags::IN, readable);
                flags.set(PollFlags::OUT, writable);
                self.polled.push(i);
                self.sockets.push(PollFd::from_borrowed_fd(socket, flags));
            }
        }
    }

    /// Those that are ready regardless of their sockets.
    fn ready_at(&self, now: Instant) -> Ready {
        let due = self.at.iter().filter(|(_, at)| *at <= now);
        let due = due.map(|(i, _)| *i);
        Ready(self.now.iter().copied().chain(due).collect())
    }

    /// How long to wait for a socket.
    fn pause(&self, now: Instant, until: Instant) -> Duration {
        let until = self.at.iter().map(|(_, at)| *at).fold(until, Instant::min);
        let longest = match self.in_turn.is_empty() {
            true => LONGEST,
            false => TURN,
        };
        until.saturating_duration_since(now).min(longest)
    }

    fn poll(&mut self, pause: Duration, ready: &mut Ready) -> io::Result<()> {
        if self.sockets.is_empty() {
            // Not every system waits for nothing.
            thread::sleep(pause);
            return Ok(());
        }
        let timeout = Timespec::try_from(pause).map_err(io::Error::other)?;
        match poll(&mut self.sockets, Some(&timeout)) {
            // Whoever interrupts has a `Waker`, or wants nothing of this.
            Ok(0) | Err(Errno::INTR) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        for (i, socket) in self.polled.iter().zip(&self.sockets) {
            // An error or the end of the stream is found by going on.
            if !socket.revents().is_empty() {
                ready.0.push(*i);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
