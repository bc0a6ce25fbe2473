//! [`fails_within`]: deadlines, held against a clock that knows how busy the machine is.

#![forbid(unsafe_code)]

use std::fmt::Display;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What a call may take beyond its time at least, however short that is: threads of a busy machine
/// wait so long for a processor before anyone can tell.
const GRACE: Duration = Duration::from_millis(250);

/// The error of a call that is to fail within `time` and a tenth, or a quarter of a second if that
/// is more.
///
/// A busy machine keeps threads waiting, and what it owes the call is not the call's to answer
/// for: another thread does nothing but wake up meanwhile, and by as much as it was ever late, so
/// may the call be.
///
/// # Panics
/// If it does not fail, or too late.
pub fn fails_within<T, E: Display>(time: Duration, call: impl FnOnce() -> Result<T, E>) -> E {
    let metronome = Metronome::start();
    let started = Instant::now();
    let result = call();
    let took = started.elapsed();
    let late = metronome.stop();
    let Err(error) = result else {
        panic!("no error");
    };
    let allowed = time + GRACE.max(time / 10) + late;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fails_after(time: Duration) -> Result<(), &'static str> {
        thread::sleep(time);
        Err("too late")
    }

    #[test]
    fn a_call_that_fails_in_time_gives_its_error() {
        let time = Duration::from_millis(1);
        assert_eq!(fails_within(time, || fails_after(time)), "too late");
    }

    #[test]
    #[should_panic(expected = "too late after")]
    fn a_call_that_takes_much_longer_than_it_may_panics() {
        // However long its thread waits for a processor, the metronome's would wait too.
        let time = Duration::from_millis(1);
        fails_within(time, || fails_after(GRACE * 8));
    }
}
