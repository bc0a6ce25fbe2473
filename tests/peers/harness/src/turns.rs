//! Times candidates beside one another, on the same data in one run.
//!
//! The machine's speed changes while a benchmark runs, so candidates take turns, round by round,
//! and what is told is the ratio of each to a reference in the same round.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::{median, rounds};

/// An allocator that counts; a benchmark makes it its global one.
pub struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator with the arguments that it came with.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Has the allocator keep memory that was freed, so that whoever frees much at once is not timed
/// fetching it anew from the system, page by page, the next time.
pub fn keep_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: both only set numbers of the allocator.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
    }
}

/// Something to be timed.
pub struct Candidate<'a> {
    name: String,
    /// The others' times are told as multiples of its own.
    reference: bool,
    /// Runs it so many times and says how long that took.
    run: Box<dyn FnMut(u32) -> Duration + 'a>,
}

impl<'a> Candidate<'a> {
    /// Times `action` as a whole.
    pub fn new<T>(name: &str, mut action: impl FnMut() -> T + 'a) -> Self {
        let run = move |times| {
            let started = Instant::now();
            for _ in 0..times {
                black_box(action());
            }
            started.elapsed()
        };
        Self {
            name: name.to_owned(),
            reference: false,
            run: Box::new(run),
        }
    }

    /// Times `action` alone, on what `setup` makes anew each time.
    pub fn with_setup<S, T>(
        name: &str,
        mut setup: impl FnMut() -> S + 'a,
        mut action: impl FnMut(S) -> T + 'a,
    ) -> Self {
        let run = move |times| {
            let mut elapsed = Duration::ZERO;
            for _ in 0..times {
                let input = black_box(setup());
                let started = Instant::now();
                black_box(action(input));
                elapsed += started.elapsed();
            }
            elapsed
        };
        Self {
            name: name.to_owned(),
            reference: false,
            run: Box::new(run),
        }
    }

    /// Times what `action` says that it took.
    pub fn measured(name: &str, mut action: impl FnMut() -> Duration + 'a) -> Self {
        Self {
            name: name.to_owned(),
            reference: false,
            run: Box::new(move |times| (0..times).map(|_| action()).sum()),
        }
    }

    /// Tells the others' times as multiples of this one's; of the first, where none is asked for.
    #[must_use]
    pub fn reference(mut self) -> Self {
        self.reference = true;
        self
    }
}

/// What one call does, for the figures per unit.
#[derive(Clone, Copy)]
pub struct Work {
    /// What a unit is called.
    pub unit: &'static str,
    /// Units a call.
    pub units: usize,
    /// Bytes a call.
    pub bytes: usize,
}

/// Times `candidates` in turns, whose order is reversed in every other round: nanoseconds a call, of
/// each candidate in each round, and its allocations a call once warm.
pub fn in_turns(candidates: &mut [Candidate<'_>], rounds: usize) -> Vec<(Vec<f64>, u64)> {
    const TURN: Duration = Duration::from_millis(3);

    let mut times = Vec::new();
    let mut taken = Vec::new();
    for candidate in &mut *candidates {
        (candidate.run)(2);
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let elapsed = (candidate.run)(4);
        let allocations = (ALLOCATIONS.load(Ordering::Relaxed) - before) / 4;
        let once = (elapsed / 4).max(Duration::from_nanos(1));
        times.push((TURN.as_nanos() / once.as_nanos()).clamp(1, 100_000) as u32);
        taken.push((Vec::with_capacity(rounds), allocations));
    }

    let mut order: Vec<usize> = (0..candidates.len()).collect();
    for _ in 0..rounds {
        for &i in &order {
            let elapsed = (candidates[i].run)(times[i]);
            taken[i]
                .0
                .push(elapsed.as_nanos() as f64 / f64::from(times[i]));
        }
        order.reverse();
    }
    taken
}

/// The ratios of two candidates' times, round by round.
pub fn ratios<'a>(own: &'a [f64], other: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    own.iter().zip(other).map(|(own, other)| own / other)
}

/// Times `candidates` in turns and prints a row for each: median time a call, the least of all
/// turns, which the rest of the machine disturbed least, median time a unit, GB/s, the median of
/// its ratios to each reference, and its allocations a call once warm.
///
/// The environment variable `ROUNDS` says how often each has its turn; 41 where it is unset.
pub fn compare(title: &str, work: Work, mut candidates: Vec<Candidate<'_>>) {
    let taken = in_turns(&mut candidates, rounds(41));

    let mut references: Vec<usize> = (0..candidates.len())
        .filter(|&i| candidates[i].reference)
        .collect();
    if references.is_empty() {
        references.push(0);
    }
    let heads: String = references
        .iter()
        .map(|&i| format!(" × {} |", candidates[i].name))
        .collect();
    println!("\n{title}\n");
    println!(
        "| | µs | least | ns a {} | GB/s |{heads} allocations |",
        work.unit
    );
    println!(
        "| --- | ---: | ---: | ---: | ---: |{} ---: |",
        " ---: |".repeat(references.len())
    );
    for (candidate, (own, allocations)) in candidates.iter().zip(&taken) {
        let ratios: String = references
            .iter()
            .map(|&reference| format!(" {:.2} |", median(ratios(own, &taken[reference].0))))
            .collect();
        let time = median(own.iter().copied());
        let least = own.iter().copied().fold(f64::INFINITY, f64::min) / 1e3;
        let unit = time / work.units as f64;
        let speed = work.bytes as f64 / time;
        println!(
            "| {} | {:.2} | {least:.2} | {unit:.2} | {speed:.2} |{ratios} {allocations} |",
            candidate.name,
            time / 1e3,
        );
    }
}
