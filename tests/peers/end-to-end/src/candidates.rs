//! Who is measured.

use peers_harness::Figures;

use crate::task::Task;

mod krafka;
mod ours;
mod raw;
#[cfg(feature = "rdkafka")]
mod rdkafka;
mod rskafka;

/// Does a task, and says what it cost.
type Run = fn(&Task) -> Figures;

/// Their names and what they run; the first is what the others are held against, the second is
/// ours.
pub const ALL: &[(&str, Run)] = &[
    ("raw loop", raw::run),
    ("**libkafka-client**", ours::run),
    ("rskafka 0.6", rskafka::run),
    #[cfg(feature = "rdkafka")]
    ("rdkafka 0.39", rdkafka::run),
    ("krafka 0.28", krafka::run),
];

/// A sum of what is in a record, so that every record has to be looked at.
#[derive(Default)]
pub struct Sum(u64);

impl Sum {
    #[inline]
    pub fn add(&mut self, offset: i64, timestamp: i64, value: &[u8]) {
        let last = value.last().copied().unwrap_or(0);
        self.0 = self
            .0
            .wrapping_add(offset as u64 ^ timestamp as u64 ^ u64::from(last));
    }

    /// Has the optimizer believe that somebody wants it.
    pub fn done(self) {
        std::hint::black_box(self.0);
    }
}

/// The runtime of those that want one.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}
