//! Holds producers and kills together, so that each kill comes in the middle of production.

use std::fmt;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many records one producer may be ahead of the other.
const LEAD: u64 = 500;
/// A failover takes seconds; a busy machine is no failure.
const PATIENCE: Duration = Duration::from_secs(120);

/// The way of two producers through all records, in as many stretches as there are kills.
///
/// No producer goes beyond the stretch that is open, nor far from the other one.
pub(crate) struct Course {
    records: u64,
    stretches: u64,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Records before this one may be sent.
    open: u64,
    runners: [Runner; 2],
}

/// Where a producer is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Runner {
    /// The records before this one are done with.
    pub(crate) done: u64,
    /// Tries that failed.
    pub(crate) failures: u64,
    /// The longest time from one success to the next.
    pub(crate) longest_gap: Duration,
    last: Option<Instant>,
}

impl Course {
    /// A course whose first stretch is open.
    pub(crate) fn new(records: u64, stretches: u64) -> Self {
        let course = Self {
            records,
            stretches,
            state: Mutex::default(),
            moved: Condvar::new(),
        };
        course.open(0);
        course
    }

    pub(crate) fn records(&self) -> Range<u64> {
        0..self.records
    }

    pub(crate) fn stretches(&self) -> Range<u64> {
        0..self.stretches
    }

    pub(crate) fn open(&self, stretch: u64) {
        self.state().open = self.end_of(stretch);
        self.moved.notify_all();
    }

    /// Whether this record may be sent now.
    pub(crate) fn is_open(&self, runner: usize, record: u64) -> bool {
        self.state().is_open(runner, record)
    }

    /// Waits until this record may be sent.
    pub(crate) fn wait_until_open(&self, runner: usize, record: u64) {
        self.wait("open", |state| state.is_open(runner, record));
    }

    /// The records before this one are done with.
    pub(crate) fn done(&self, runner: usize, before: u64) {
        let now = Instant::now();
        let mut state = self.state();
        let runner = &mut state.runners[runner];
        runner.done = before;
        let gap = runner.last.map_or(Duration::ZERO, |last| now - last);
        runner.longest_gap = runner.longest_gap.max(gap);
        runner.last = Some(now);
        self.moved.notify_all();
    }

    pub(crate) fn failed(&self, runner: usize) {
        self.state().runners[runner].failures += 1;
    }

    /// Waits until both producers are in the middle of a stretch.
    pub(crate) fn until_middle(&self, stretch: u64) {
        let middle = self.end_of(stretch) - self.records / self.stretches / 2;
        self.wait("middle", |state| state.all_did(middle));
    }

    /// Waits until both producers are at the end of a stretch, and rests their clocks.
    pub(crate) fn until_end(&self, stretch: u64) {
        let end = self.end_of(stretch);
        self.wait("end", |state| state.all_did(end));
        for runner in &mut self.state().runners {
            runner.last = None;
        }
    }

    pub(crate) fn runners(&self) -> [Runner; 2] {
        self.state().runners
    }

    fn end_of(&self, stretch: u64) -> u64 {
        (stretch + 1) * self.records / self.stretches
    }

    fn wait(&self, what: &str, is_so: impl Fn(&State) -> bool) {
        let waiting = self
            .moved
            .wait_timeout_while(self.state(), PATIENCE, |s| !is_so(s));
        let (state, timeout) = waiting.unwrap_or_else(PoisonError::into_inner);
        let runners = state.runners;
        drop(state);
        assert!(!timeout.timed_out(), "no {what} in time: {runners:?}");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            failures,
            longest_gap,
            ..
        } = self;
        let gap = longest_gap.as_secs_f32();
        write!(f, "{failures} tries failed, longest pause {gap:.1} s")
    }
}

impl State {
    fn is_open(&self, runner: usize, record: u64) -> bool {
        record < self.open && record < self.runners[1 - runner].done + LEAD
    }

    fn all_did(&self, records: u64) -> bool {
        self.runners.iter().all(|runner| runner.done >= records)
    }
}
