//! What this process has used.

use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Error, Exchange, Observer};

/// CPU time of all threads of this process.
pub(crate) fn cpu() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a timespec of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// A line of `/proc/self/status` in KiB.
pub(crate) fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|n| n.parse().ok()).expect("a number")
}

/// Open sockets.
pub(crate) fn sockets() -> usize {
    let open = fs::read_dir("/proc/self/fd").expect("Linux");
    let links = open.filter_map(|fd| fs::read_link(fd.ok()?.path()).ok());
    links
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Counts exchanges by API.
#[derive(Default)]
pub(crate) struct Count(Mutex<Vec<(ApiKey, usize)>>);

impl Count {
    pub(crate) fn of(&self, api: ApiKey) -> usize {
        let counts = self.0.lock().expect("no panic");
        counts
            .iter()
            .find(|(key, _)| *key == api)
            .map_or(0, |(_, n)| *n)
    }
}

impl Observer for Count {
    fn exchange(&self, exchange: &Exchange, _: Option<&Error>) {
        let mut counts = self.0.lock().expect("no panic");
        match counts.iter_mut().find(|(key, _)| *key == exchange.api_key) {
            Some((_, n)) => *n += 1,
            None => counts.push((exchange.api_key, 1)),
        }
    }
}

/// CPU and time from now on.
pub(crate) struct Meter {
    cpu: Duration,
    started: Instant,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            cpu: cpu(),
            started: Instant::now(),
        }
    }

    pub(crate) fn cpu(&self) -> Duration {
        cpu() - self.cpu
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
