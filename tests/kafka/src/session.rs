//! A program to talk with, a line at a time.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::error::{At, Error};
use crate::guard::Guard;
use crate::process::{CommandLine, Output, Process};

/// A running program with its standard streams; dropped, it ends.
pub struct Session {
    process: Process,
    stdin: Option<ChildStdin>,
    /// Each with its line end, if it has one.
    lines: Receiver<Vec<u8>>,
    _folder: TempDir,
}

impl Session {
    pub(crate) fn start(what: &str, command: impl Into<CommandLine>) -> Result<Session, Error> {
        let guarded = Guard::get()?.folder();
        let folder = tempfile::Builder::new()
            .prefix("tool-")
            .tempdir_in(guarded)
            .at("creating a folder in", guarded)?;
        let mut process =
            Process::spawn(what, command, folder.path().join("stderr"), Output::Piped)?;
        let (stdin, stdout) = process.pipes();
        let (sender, lines) = channel();
        // Ends with the program, or once nobody listens any more.
        thread::spawn(move || read_lines(stdout, &sender));
        Ok(Session {
            process,
            stdin: Some(stdin),
            lines,
            _folder: folder,
        })
    }

    /// Sends a line, to which the line end is added.
    ///
    /// # Errors
    /// [`Error::Ended`] if the program is gone.
    pub fn send(&mut self, line: &[u8]) -> Result<(), Error> {
        let whole = [line, b"\n"].concat();
        let sent = self
            .stdin
            .as_mut()
            .map(|stdin| stdin.write_all(&whole).and_then(|()| stdin.flush()));
        match sent {
            Some(Ok(())) => Ok(()),
            _ => Err(self.gone()),
        }
    }

    /// The next line of standard output, without its end; `None` at the end of the output.
    ///
    /// # Errors
    /// [`Error::Deadline`] if there is none by then.
    pub fn line(&mut self, deadline: Instant) -> Result<Option<Vec<u8>>, Error> {
        let line = self.raw_line(deadline)?;
        Ok(line.map(|mut line| {
            line.pop_if(|last| *last == b'\n');
            line
        }))
    }

    /// Sends a question, and returns the line that answers it.
    ///
    /// # Errors
    /// If the program is gone, or does not answer in UTF-8 by `deadline`. It is ended then: a late
    /// answer would be taken for that of the next question.
    pub(crate) fn ask(&mut self, question: &str, deadline: Instant) -> Result<String, Error> {
        let answer = self
            .send(question.as_bytes())
            .and_then(|()| self.line(deadline));
        match answer {
            Ok(Some(line)) => {
                String::from_utf8(line).map_err(|error| Error::Answer(error.to_string()))
            }
            Ok(None) => Err(self.gone()),
            Err(error) => {
                self.gone();
                Err(error)
            }
        }
    }

    /// Closes standard input, which ends most programs in their orderly way.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&mut self) {
        self.process.signal(Signal::TERM);
    }

    /// Ends it at once, as a crash would (SIGKILL), and waits for its end.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Halts it where it stands (SIGSTOP): its connections stay open and silent.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// Lets it go on (SIGCONT).
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What it has printed on standard error so far.
    pub fn stderr(&self) -> String {
        self.process.log()
    }

    /// Writes `input` in the background, and then closes standard input.
    pub(crate) fn feed(&mut self, input: Vec<u8>) {
        if let Some(mut stdin) = self.stdin.take() {
            // A program that ends early does not want the rest.
            thread::spawn(move || drop(stdin.write_all(&input)));
        }
    }

    /// The rest of standard output, and the exit status.
    pub(crate) fn finish(&mut self, deadline: Instant) -> Result<(Vec<u8>, ExitStatus), Error> {
        let mut rest = Vec::new();
        while let Some(line) = self.raw_line(deadline)? {
            rest.extend(line);
        }
        match self.process.wait(deadline) {
            Some(status) => Ok((rest, status)),
            None => Err(self.process.deadline_error("end")),
        }
    }

    /// The error that the program ended, or no longer reads or writes.
    pub(crate) fn gone(&mut self) -> Error {
        self.process.kill();
        match self.process.ended() {
            Some(status) => self.process.ended_error(status),
            None => self.process.deadline_error("end"),
        }
    }

    fn raw_line(&mut self, deadline: Instant) -> Result<Option<Vec<u8>>, Error> {
        match self
            .lines
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => {
                Err(self.process.deadline_error("print a further line"))
            }
        }
    }
}

fn read_lines(stdout: ChildStdout, to: &Sender<Vec<u8>>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        match stdout.read_until(b'\n', &mut line) {
            Ok(1..) if to.send(line).is_ok() => {}
            _ => return,
        }
    }
}
