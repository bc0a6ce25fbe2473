//! The program, started by a test.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_libkafka-testbroker");

/// The program, which ends with this at the latest.
pub(crate) struct Running {
    pub(crate) child: Child,
    said: BufReader<ChildStdout>,
    /// Where its nodes listen.
    pub(crate) addresses: Vec<String>,
}

impl Running {
    /// Starts it and waits until it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let addresses = line.trim_end().strip_prefix("listening on ").unwrap();
        let addresses = addresses.split(',').map(str::to_owned).collect();
        Self {
            child,
            said,
            addresses,
        }
    }

    /// Asks it to end, and waits until it has: in an orderly way.
    pub(crate) fn stop(&mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "stopped\n");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
