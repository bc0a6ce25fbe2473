//! `Meter` and `Figures`: what a task cost the process that did it.

use std::fs;
use std::time::{Duration, Instant};

/// What a task cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub seconds: f64,
    /// Of all threads, in user and system mode.
    pub cpu_seconds: f64,
    /// Most memory that the process ever held, what it read from its program file included.
    pub peak_megabytes: f64,
    /// CPU of the second half of the records, which has no start in it; 0 if it was not told apart.
    pub steady_cpu_seconds: f64,
    /// Records in a batch, on average; 0 unless they were counted.
    pub batch_records: f64,
    /// Milliseconds; 0 unless records were timed.
    pub p50: f64,
    pub p99: f64,
    /// Records that were done, where a task may end before it has done all of them; otherwise 0.
    pub records: f64,
}

impl Figures {
    /// As a line for [`parse`](Self::parse).
    pub fn line(&self) -> String {
        let Self {
            seconds,
            cpu_seconds,
            peak_megabytes,
            steady_cpu_seconds,
            p50,
            p99,
            batch_records,
            records,
        } = self;
        format!(
            "{seconds} {cpu_seconds} {peak_megabytes} {p50} {p99} {steady_cpu_seconds} {batch_records} {records}"
        )
    }

    /// From a line. The last three numbers may be missing: programs in other languages do not all
    /// print them.
    pub fn parse(printed: &str) -> Option<Self> {
        let mut numbers = printed.split_whitespace().map(|number| number.parse().ok());
        let mut next = || numbers.next()?;
        Some(Self {
            seconds: next()?,
            cpu_seconds: next()?,
            peak_megabytes: next()?,
            p50: next()?,
            p99: next()?,
            steady_cpu_seconds: next().unwrap_or_default(),
            batch_records: next().unwrap_or_default(),
            records: next().unwrap_or_default(),
        })
    }

    /// The same, with how many records there were in a batch.
    pub fn batches(self, records: u64, batches: u64) -> Self {
        Self {
            batch_records: records as f64 / batches as f64,
            ..self
        }
    }

    /// The same, with how many records were done.
    pub fn records(self, records: usize) -> Self {
        let records = records as f64;
        Self { records, ..self }
    }
}

/// CPU and time from now on. It is started once a candidate is connected and warm.
pub struct Meter {
    started: Instant,
    cpu: Duration,
    /// CPU time when half of the records were done.
    halfway: Option<Duration>,
}

impl Meter {
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu(),
            halfway: None,
        }
    }

    /// CPU time of all threads until now.
    pub fn cpu(&self) -> Duration {
        cpu() - self.cpu
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Notes, once, that half of the records are done.
    pub fn halfway(&mut self) {
        self.halfway.get_or_insert_with(cpu);
    }

    /// The figures, where records were not timed one by one.
    pub fn stop(self) -> Figures {
        self.stop_with(Vec::new())
    }

    /// The figures, with the time that each record took.
    pub fn stop_with(self, mut times: Vec<Duration>) -> Figures {
        let seconds = self.elapsed().as_secs_f64();
        let now = cpu();
        let steady = self.halfway.map(|halfway| now - halfway);
        times.sort();
        let percentile = |percent: usize| {
            let time = times.get(times.len() * percent / 100);
            time.map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Figures {
            seconds,
            cpu_seconds: (now - self.cpu).as_secs_f64(),
            // Not by `getrusage`, whose peak is handed down by whoever started this program.
            peak_megabytes: memory("VmHWM:") as f64 * 1024.0 / 1e6,
            steady_cpu_seconds: steady.unwrap_or_default().as_secs_f64(),
            batch_records: 0.0,
            p50: percentile(50),
            p99: percentile(99),
            records: 0.0,
        }
    }
}

/// CPU time of all threads of this process.
fn cpu() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a timespec of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// A line of `/proc/self/status` in KiB.
///
/// # Panics
///
/// Panics if there is no such line: the benchmarks run on Linux.
pub fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|n| n.parse().ok()).expect("a number")
}
