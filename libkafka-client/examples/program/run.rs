//! [`run`]: from the command line to the exit code.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::process::{self, ExitCode};

use libkafka_client::Stop;

use super::arguments::{Arguments, UsageError};

/// The result of an example, or of a part of it.
pub(crate) type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

const HELP: &str = "  -h, --help             print this

RUST_LOG=libkafka_client=debug logs connections and failed requests to standard error, and
RUST_LOG=libkafka_client=trace all requests. Ctrl-C ends the program.";

/// The exit code of a program that a second Ctrl-C ended: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Runs an example. It should return soon after Ctrl-C has stopped its [`Stop`]; a second Ctrl-C
/// ends the program at once.
///
/// The exit code is 0 for success, 1 for an error, and 2 for a [`UsageError`].
pub(crate) fn run(usage: &str, example: fn(Arguments, &Stop) -> Result) -> ExitCode {
    env_logger::init();
    if env::args_os().any(|argument| argument == "-h" || argument == "--help") {
        println!("{usage}\n{HELP}");
        return ExitCode::SUCCESS;
    }
    let outcome = stop_at_ctrl_c().and_then(|stop| example(Arguments::from_env(), &stop));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if error.is::<UsageError>() { 2 } else { 1 })
        }
    }
}

fn stop_at_ctrl_c() -> Result<Stop> {
    let stop = Stop::new()?;
    let stopped = stop.clone();
    ctrlc::set_handler(move || {
        if stopped.is_stopped() {
            process::exit(INTERRUPTED);
        }
        stopped.stop();
    })?;
    Ok(stop)
}

/// Whether the reader of standard output has seen enough, as `head` does.
fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
