//! What a task cost the process that did it.

use std::fs;
use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

/// What a task cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub seconds: f64,
    /// Of all threads, in user and system mode.
    pub cpu_seconds: f64,
    /// Most memory that the process ever held, what it read from its program file included.
    pub peak_megabytes: f64,
    /// Microseconds; 0 unless each record was timed.
    pub p50: f64,
    pub p99: f64,
}

impl Figures {
    /// As a line for [`parse`](Self::parse).
    pub fn line(&self) -> String {
        let Self {
            seconds,
            cpu_seconds,
            peak_megabytes,
            p50,
            p99,
        } = self;
        format!("{seconds} {cpu_seconds} {peak_megabytes} {p50} {p99}")
    }

    pub fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(|number| number.parse().ok());
        let mut next = || numbers.next()?;
        Some(Self {
            seconds: next()?,
            cpu_seconds: next()?,
            peak_megabytes: next()?,
            p50: next()?,
            p99: next()?,
        })
    }
}

/// Started once a candidate is connected and warm.
pub struct Meter {
    started: Instant,
    cpu: f64,
}

impl Meter {
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu_seconds(),
        }
    }

    /// The figures, where records were not timed one by one.
    pub fn stop(self) -> Figures {
        self.stop_with(Vec::new())
    }

    /// The figures, with the time of every record.
    pub fn stop_with(self, mut times: Vec<Duration>) -> Figures {
        let seconds = self.started.elapsed().as_secs_f64();
        let cpu_seconds = cpu_seconds() - self.cpu;
        times.sort();
        let percentile = |percent: usize| {
            let time = times.get(times.len() * percent / 100);
            time.map_or(0.0, |time| time.as_secs_f64() * 1e6)
        };
        Figures {
            seconds,
            cpu_seconds,
            peak_megabytes: peak_megabytes(),
            p50: percentile(50),
            p99: percentile(99),
        }
    }
}

/// Times each call of `produce`, which gets the number of the record, after some to get warm.
pub fn time_each(records: usize, mut produce: impl FnMut(usize)) -> Figures {
    const WARM_UP: usize = 300;
    (0..WARM_UP).for_each(&mut produce);
    let meter = Meter::start();
    let mut times = Vec::with_capacity(records);
    for i in 0..records {
        let started = Instant::now();
        produce(i);
        times.push(started.elapsed());
    }
    meter.stop_with(times)
}

fn cpu_seconds() -> f64 {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to a `rusage`, for which all zeroes is a value too.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// The high-water mark of this program alone: that of `getrusage` is handed down by whoever
/// started it.
fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse().ok());
    kibibytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
}
