//! Times candidates beside one another, on the same data in one run.
//!
//! The machine's speed changes while a benchmark runs, so candidates take turns, round by round,
//! and what is told apart is the ratio of each to the first in the same round.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

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

/// Something to be timed.
pub struct Candidate<'a> {
    name: String,
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
            run: Box::new(run),
        }
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

/// Times `candidates` in turns and prints a row for each: median time a call and a unit, GB/s,
/// the median of its ratios to the first, and its allocations a call once warm.
///
/// The environment variable `ROUNDS` says how often each has its turn; 41 where it is unset.
pub fn compare(title: &str, work: Work, mut candidates: Vec<Candidate<'_>>) {
    const TURN: Duration = Duration::from_millis(3);
    let rounds = std::env::var("ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(41);

    let mut times = Vec::new();
    let mut allocations = Vec::new();
    for candidate in &mut candidates {
        (candidate.run)(2);
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let elapsed = (candidate.run)(4);
        allocations.push((ALLOCATIONS.load(Ordering::Relaxed) - before) / 4);
        let once = (elapsed / 4).max(Duration::from_nanos(1));
        times.push((TURN.as_nanos() / once.as_nanos()).clamp(1, 100_000) as u32);
    }

    let mut taken = vec![Vec::with_capacity(rounds); candidates.len()];
    for _ in 0..rounds {
        for ((candidate, &times), taken) in candidates.iter_mut().zip(&times).zip(&mut taken) {
            taken.push((candidate.run)(times).as_nanos() as f64 / f64::from(times));
        }
    }

    println!("\n{title}\n");
    println!(
        "| | µs | ns a {} | GB/s | × first | allocations |",
        work.unit
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (i, candidate) in candidates.iter().enumerate() {
        let ratio = median(
            taken[i]
                .iter()
                .zip(&taken[0])
                .map(|(own, first)| own / first),
        );
        let time = median(taken[i].iter().copied());
        let unit = time / work.units as f64;
        let speed = work.bytes as f64 / time;
        println!(
            "| {} | {:.1} | {unit:.1} | {speed:.2} | {ratio:.2} | {} |",
            candidate.name,
            time / 1e3,
            allocations[i]
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
