//! [`Recorder`]: writes down what a process does.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::event::{Event, Kind};
use crate::json;

/// Writes down what a process does, a line of JSON an event. Threads can share one.
///
/// A line is written whole and at once, so a process that is killed loses none that it has
/// recorded. Record a request before it is sent, and an outcome after it is known: then events of
/// different processes are in an order that can have been.
///
/// ```
/// use libkafka_history::{History, Kind, Recorder, TopicPartition};
///
/// let mut lines = Vec::new();
/// let recorder = Recorder::new("member-1", &mut lines);
/// recorder.record(Kind::Assigned {
///     claim: 1,
///     partition: TopicPartition::new("orders", 0),
///     start: Some(0),
/// })?;
/// drop(recorder);
///
/// let mut history = History::default();
/// history.read(lines.as_slice())?;
/// assert_eq!(history.events().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Recorder<W> {
    process: Arc<str>,
    out: Mutex<W>,
}

impl<W: Write> Recorder<W> {
    /// A recorder of the process of this name.
    pub fn new(process: impl Into<Arc<str>>, out: W) -> Self {
        Self {
            process: process.into(),
            out: Mutex::new(out),
        }
    }

    /// Writes down what happens now.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn record(&self, kind: Kind) -> io::Result<()> {
        // Within the lock, so that times do not run backwards from line to line.
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let event = Event {
            at: now(),
            process: Arc::clone(&self.process),
            kind,
        };
        let line = json::write(&event) + "\n";
        out.write_all(line.as_bytes())?;
        out.flush()
    }
}

/// Microseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}
