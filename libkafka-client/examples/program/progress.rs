//! [`Progress`]: a progress bar while records are handled, and a row of a table afterwards.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

/// Counts records, and shows the progress on a terminal.
pub(crate) struct Progress {
    name: &'static str,
    started: Instant,
    bar: ProgressBar,
    bytes: u64,
}

impl Progress {
    /// Begins to count, up to this many `records`.
    pub(crate) fn start(name: &'static str, records: u64) -> Self {
        let style =
            ProgressStyle::with_template("{prefix:8} {wide_bar} {human_pos} of {human_len}")
                .expect("a valid template");
        Self {
            name,
            started: Instant::now(),
            bar: ProgressBar::new(records)
                .with_style(style)
                .with_prefix(name),
            bytes: 0,
        }
    }

    /// Counts records, and the bytes that they take on the wire.
    pub(crate) fn count(&mut self, records: u64, bytes: usize) {
        self.bar.inc(records);
        self.bytes += bytes as u64;
    }

    /// Removes the bar.
    pub(crate) fn stop(self) -> Figures {
        self.bar.finish_and_clear();
        Figures {
            name: self.name,
            records: self.bar.position(),
            bytes: self.bytes,
            time: self.started.elapsed(),
        }
    }
}

/// What was counted, and how long it took.
pub(crate) struct Figures {
    pub(crate) name: &'static str,
    pub(crate) records: u64,
    /// Of the batches, as they are on the wire.
    pub(crate) bytes: u64,
    pub(crate) time: Duration,
}

impl Figures {
    /// The columns of [`row`](Self::row).
    pub(crate) const COLUMNS: [&str; 5] = [
        "step",
        "records",
        "seconds",
        "records_per_second",
        "megabytes_per_second",
    ];

    /// A line of a table.
    pub(crate) fn row(&self) -> Vec<Value> {
        let seconds = self.time.as_secs_f64();
        let records_per_second = (self.records as f64 / seconds) as u64;
        let megabytes_per_second = self.bytes as f64 / seconds / 1e6;
        let rounded = |number: f64| Value::from((number * 100.0).round() / 100.0);
        vec![
            self.name.into(),
            self.records.into(),
            rounded(seconds),
            records_per_second.into(),
            rounded(megabytes_per_second),
        ]
    }
}
