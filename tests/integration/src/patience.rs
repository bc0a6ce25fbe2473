//! [`until`], [`until_ok`] and [`patiently`]: for what is so a little later.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{Error, RetryPolicy, Retryable};

/// Far more than any of it takes, the start of a Java beside ten busy processes too: a busy machine
/// is no failure.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// What is waited for takes the processor too.
const PAUSE: Duration = Duration::from_millis(2);

/// Asks until there is an answer.
///
/// # Panics
/// If there is none within [`PATIENCE`].
#[track_caller]
pub fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    until_ok(|| ask().ok_or("it does not happen"))
}

/// Asks until the answer is no error.
///
/// # Panics
/// With the last error, if it is one for longer than [`PATIENCE`].
#[track_caller]
pub fn until_ok<T, E: Debug>(mut ask: impl FnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(error) => assert!(Instant::now() < deadline, "{error:?}"),
        }
        thread::sleep(PAUSE);
    }
}

/// Calls, as a user does, until what has just been made is there for all to see.
///
/// # Panics
/// If the call fails for good, or for longer than [`PATIENCE`].
#[track_caller]
pub fn patiently<C: Retryable, T>(
    caller: &mut C,
    call: impl FnMut(&mut C) -> Result<T, Error>,
) -> T {
    try_patiently(caller, call).unwrap()
}

/// As [`patiently`], with the error of a call that fails for good.
///
/// # Errors
/// That error, or the last one after [`PATIENCE`].
pub fn try_patiently<C: Retryable, T>(
    caller: &mut C,
    call: impl FnMut(&mut C) -> Result<T, Error>,
) -> Result<T, Error> {
    RetryPolicy::for_idempotent_calls().run(PATIENCE, caller, call)
}
