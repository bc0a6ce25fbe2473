//! `Inbox`: what senders leave for the thread that drives the producer.

use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::memory::Shortage;
use crate::net::Waker;

/// What senders leave for the driving thread. They wake it if it would sleep past the time at which
/// that must be handled.
pub(super) struct Inbox {
    notes: Mutex<Notes>,
    pub(super) waker: Waker,
    start: Instant,
    /// When the driver next has something to do, in nanoseconds from `start`: for senders, which
    /// check whether it is overdue because no other thread works.
    due: AtomicU64,
    /// When a sender last checked that, in the same way.
    checked: AtomicU64,
    /// How many records may be sent before the next check.
    unchecked: AtomicU32,
    /// When a sender that does not wait last found no memory, in the same way.
    short: AtomicU64,
}

/// If senders check again within this many nanoseconds, they skip checks.
const SOON: u64 = 50_000;
/// How many, at most.
const SKIPPED: u32 = 8;

/// How often senders that do not wait for memory may make the driver find some, in nanoseconds.
const SHORT_PAUSE: u64 = 1_000_000;

/// The slot of a batch that was opened, and the time.
pub(super) type Opened = (u32, Instant);

#[derive(Default)]
pub(super) struct Notes {
    /// Slots with batches that are closed.
    pub(super) ready: Vec<u32>,
    /// Slots that had no memory for a record, and whose memory it was.
    pub(super) short: Vec<(u32, Shortage)>,
    pub(super) opened: Vec<Opened>,
    /// Topics that a thread wants to send to.
    pub(super) topics: Vec<Arc<str>>,
    /// Topics that no thread waits for any more.
    pub(super) forgotten: Vec<Arc<str>>,
    sleeps_until: Option<Instant>,
    /// How many threads wait for the driver to be theirs.
    claims: usize,
}

impl Notes {
    fn is_empty(&self) -> bool {
        self.ready.is_empty()
            && self.short.is_empty()
            && self.opened.is_empty()
            && self.topics.is_empty()
            && self.forgotten.is_empty()
    }
}

impl Inbox {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            notes: Mutex::default(),
            waker: Waker::new()?,
            start: Instant::now(),
            due: AtomicU64::new(u64::MAX),
            checked: AtomicU64::new(0),
            unchecked: AtomicU32::new(0),
            short: AtomicU64::new(0),
        })
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a batch was opened, whose linger time ends at `due`.
    pub(super) fn opened(&self, opened: Opened, due: Instant) {
        let mut notes = self.notes();
        notes.opened.push(opened);
        self.due.fetch_min(self.nanos(due), Ordering::Relaxed);
        self.wake_for(notes, due);
    }

    /// Notes that a slot has batches to send.
    pub(super) fn ready(&self, slot: u32) {
        let mut notes = self.notes();
        notes.ready.push(slot);
        self.wake_for(notes, self.start);
    }

    /// Notes that a slot has no memory for a record.
    pub(super) fn short(&self, slot: u32, shortage: Shortage) {
        let mut notes = self.notes();
        notes.short.push((slot, shortage));
        self.wake_for(notes, self.start);
    }

    /// Whether a sender that does not wait for memory may note that it has none: not again at once,
    /// since one that goes on with other records would keep the driver from its work.
    pub(super) fn may_be_short(&self, now: Instant) -> bool {
        let now = self.nanos(now);
        let before = self.short.load(Ordering::Relaxed);
        let may = before == 0 || now.saturating_sub(before) >= SHORT_PAUSE;
        if may {
            self.short.store(now, Ordering::Relaxed);
        }
        may
    }

    /// Notes that a thread wants to send to a topic that is not known.
    pub(super) fn want_topic(&self, topic: &str) {
        let mut notes = self.notes();
        notes.topics.push(topic.into());
        self.wake_for(notes, self.start);
    }

    /// Notes that no thread wants to send to a topic any more.
    pub(super) fn forget_topic(&self, topic: &str) {
        self.notes().forgotten.push(topic.into());
    }

    /// Wakes the driving thread.
    pub(super) fn wake(&self) {
        self.wake_for(self.notes(), self.start);
    }

    fn wake_for(&self, mut notes: MutexGuard<'_, Notes>, due: Instant) {
        if notes.sleeps_until.is_some_and(|until| due < until) {
            notes.sleeps_until = None;
            drop(notes);
            self.waker.wake();
        }
    }

    /// Notes that a thread waits for the driver to be its own: the one that drives must not sleep.
    pub(super) fn claim(&self) {
        let mut notes = self.notes();
        notes.claims += 1;
        self.wake_for(notes, self.start);
    }

    /// Undoes one [`claim`](Self::claim).
    pub(super) fn claim_no_more(&self) {
        self.notes().claims -= 1;
    }

    /// Whether a thread waits for the driver to be its own.
    pub(super) fn is_claimed(&self) -> bool {
        self.notes().claims > 0
    }

    /// Whether it is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.notes().is_empty()
    }

    /// Exchanges its content with `taken`, which must be empty.
    pub(super) fn take(&self, taken: &mut Notes) {
        let mut notes = self.notes();
        taken.sleeps_until = notes.sleeps_until;
        taken.claims = notes.claims;
        std::mem::swap(&mut *notes, taken);
    }

    /// Notes that the driver sleeps from now on. Returns false if there is something in the inbox,
    /// or a thread that waits for the driver.
    pub(super) fn sleep(&self, until: Instant) -> bool {
        let mut notes = self.notes();
        let is_idle = notes.is_empty() && notes.claims == 0;
        notes.sleeps_until = is_idle.then_some(until);
        is_idle
    }

    /// Notes that the driver is awake.
    pub(super) fn awake(&self) {
        self.notes().sleeps_until = None;
    }

    /// Sets when there is something to do next.
    pub(super) fn set_due(&self, due: Option<Instant>) {
        let due = due.map_or(u64::MAX, |due| self.nanos(due));
        self.due.store(due, Ordering::Relaxed);
    }

    /// Whether something should have been done by now.
    pub(super) fn is_overdue(&self, now: Instant) -> bool {
        let now = self.nanos(now);
        let since = now.saturating_sub(self.checked.load(Ordering::Relaxed));
        self.checked.store(now, Ordering::Relaxed);
        let skipped = if since < SOON { SKIPPED } else { 0 };
        self.unchecked.store(skipped, Ordering::Relaxed);
        now >= self.due.load(Ordering::Relaxed)
    }

    /// Whether a record may be sent without a check, because the last one was a moment ago: the
    /// clock costs as much as the record. Threads that call it at the same time may count several
    /// records as one.
    pub(super) fn skips_check(&self) -> bool {
        let left = self.unchecked.load(Ordering::Relaxed);
        if left > 0 {
            self.unchecked.store(left - 1, Ordering::Relaxed);
        }
        left > 0
    }

    fn nanos(&self, at: Instant) -> u64 {
        let since: Duration = at.saturating_duration_since(self.start);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}
