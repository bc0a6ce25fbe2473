//! `Meter` and `Figures`: what a task cost the process that did it.

use std::fs;
use std::time::{Duration, Instant};

/// What a task cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) seconds: f64,
    /// Of all threads, in user and system mode.
    pub(crate) cpu_seconds: f64,
    pub(crate) peak_megabytes: f64,
    /// CPU of the second half of the records, which has no start in it; 0 if it was not told apart.
    pub(crate) steady_cpu_seconds: f64,
    /// Records in a batch, on average; 0 unless they were counted.
    pub(crate) batch_records: f64,
    /// Milliseconds; 0 unless records were timed.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Figures {
    /// As a line for [`parse`](Self::parse).
    pub(crate) fn line(&self) -> String {
        let Self {
            seconds,
            cpu_seconds,
            peak_megabytes,
            steady_cpu_seconds,
            p50,
            p99,
            batch_records,
        } = self;
        format!(
            "{seconds} {cpu_seconds} {peak_megabytes} {p50} {p99} {steady_cpu_seconds} {batch_records}"
        )
    }

    pub(crate) fn parse(printed: &str) -> Option<Self> {
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
        })
    }

    /// The same, with how many records there were in a batch.
    pub(crate) fn batches(self, records: u64, batches: u64) -> Self {
        Self {
            batch_records: records as f64 / batches as f64,
            ..self
        }
    }
}

/// CPU and time from now on.
pub(crate) struct Meter {
    started: Instant,
    cpu: Duration,
    /// CPU time when half of the records were done.
    halfway: Option<Duration>,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu(),
            halfway: None,
        }
    }

    /// Notes, once, that half of the records are done.
    pub(crate) fn halfway(&mut self) {
        self.halfway.get_or_insert_with(cpu);
    }

    pub(crate) fn stop(self) -> Figures {
        self.stop_with(Vec::new())
    }

    /// The figures, with the time that each record took.
    pub(crate) fn stop_with(self, mut times: Vec<Duration>) -> Figures {
        let seconds = self.started.elapsed().as_secs_f64();
        let now = cpu();
        let cpu_seconds = (now - self.cpu).as_secs_f64();
        let steady = self.halfway.map(|halfway| now - halfway);
        times.sort();
        let percentile = |percent: usize| {
            let time = times.get(times.len() * percent / 100);
            time.map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Figures {
            seconds,
            cpu_seconds,
            peak_megabytes: peak_megabytes(),
            steady_cpu_seconds: steady.unwrap_or_default().as_secs_f64(),
            p50: percentile(50),
            p99: percentile(99),
            batch_records: 0.0,
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

fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.trim().parse().ok());
    kibibytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
}
