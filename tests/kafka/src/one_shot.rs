//! Runs a program that is soon done.

use std::process::{Command, Stdio};

use crate::error::{At, Error};

/// What `command` prints on standard output. `what` names it in the error that it failed.
///
/// # Errors
/// [`Error::Ended`], with all that it printed, if its exit status is not 0.
pub fn one_shot(what: &str, command: &mut Command) -> Result<String, Error> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .at("starting", command.get_program())?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(stdout.into_owned());
    }
    Err(Error::Ended {
        what: what.to_owned(),
        status: output.status,
        output: stdout.into_owned() + &String::from_utf8_lossy(&output.stderr),
    })
}
