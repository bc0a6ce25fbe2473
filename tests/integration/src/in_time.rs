//! Deadlines, held against a clock that knows how busy the machine is.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use libkafka_client::Error;

/// The error of a call that is to fail within `time` and a tenth.
///
/// A busy machine keeps threads waiting, and what it owes the call is not the call's to answer
/// for: another thread does nothing but wake up meanwhile, and by as much as it was ever late, so
/// may the call be.
///
/// # Panics
/// If it does not fail, or too late.
pub fn fails_within<T>(time: Duration, call: impl FnOnce() -> Result<T, Error>) -> Error {
    let metronome = Metronome::start();
    let started = Instant::now();
    let result = call();
    let took = started.elapsed();
    let late = metronome.stop();
    let Err(error) = result else {
        panic!("no error");
    };
    let allowed = time + time / 10 + late;
    assert!(
        took <= allowed,
        "{error} after {took:?}, a thread waited {late:?}"
    );
    error
}

/// A thread that wakes up again and again.
struct Metronome {
    stop: Sender<()>,
    thread: JoinHandle<Duration>,
}

const BEAT: Duration = Duration::from_millis(5);

impl Metronome {
    fn start() -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut latest = Duration::ZERO;
            loop {
                let started = Instant::now();
                let woken = stopped.recv_timeout(BEAT);
                latest = latest.max(started.elapsed().saturating_sub(BEAT));
                if woken != Err(RecvTimeoutError::Timeout) {
                    return latest;
                }
            }
        });
        Self { stop, thread }
    }

    /// Stops it; the most that it was ever late.
    fn stop(self) -> Duration {
        drop(self.stop);
        self.thread.join().unwrap()
    }
}
