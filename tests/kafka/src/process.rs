//! A child process that ends with its owner.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::error::{At, Error};
use crate::guard::Guard;

/// A program that runs until it ends, is ended, or this is dropped.
///
/// Only ever signalled through its own pid, and never after it was waited for, so the pid cannot
/// have become another process's.
pub(crate) struct Process {
    child: Child,
    what: String,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

/// A program and what it is told.
#[derive(Default)]
pub(crate) struct CommandLine {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    /// Variables that are added to the environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    /// Where it runs; `None` is where this process does.
    pub(crate) folder: Option<PathBuf>,
}

/// Where the output of a [`Process`] goes.
pub(crate) enum Output {
    /// Both streams into the log.
    Log,
    /// Standard output to a pipe, standard error into the log; standard input is a pipe too.
    Piped,
}

impl Process {
    /// Starts `command`; what it prints is appended to `log`. `what` names it in errors.
    pub(crate) fn spawn(
        what: &str,
        command: impl Into<CommandLine>,
        log: PathBuf,
        output: Output,
    ) -> Result<Process, Error> {
        let guard = Guard::get()?;
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log)
            .at("opening", &log)?;
        let CommandLine {
            program,
            arguments,
            variables,
            folder,
        } = command.into();
        let mut command = guard.command(&program);
        command.args(arguments).envs(variables);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        match output {
            Output::Log => command
                .stdin(Stdio::null())
                .stdout(file.try_clone().at("opening", &log)?),
            Output::Piped => command.stdin(Stdio::piped()).stdout(Stdio::piped()),
        };
        let child = command.stderr(file).spawn().at("starting", &program)?;
        Ok(Process {
            child,
            what: what.to_owned(),
            log,
            ended: None,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The two pipes of [`Output::Piped`].
    ///
    /// # Panics
    /// When they were taken before, or there are none.
    pub(crate) fn pipes(&mut self) -> (ChildStdin, ChildStdout) {
        self.child
            .stdin
            .take()
            .zip(self.child.stdout.take())
            .expect("two pipes, taken once")
    }

    /// How it ended, or `None` while it runs.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none()
            && let Ok(Some(status)) = self.child.try_wait()
        {
            self.note(status);
        }
        self.ended
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.ended().is_none()
    }

    /// Waits until it ends by itself; `None` if it still runs at the deadline.
    pub(crate) fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            if Instant::now() >= deadline {
                return None;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until it ends by itself, with success.
    pub(crate) fn succeed(&mut self, deadline: Instant) -> Result<(), Error> {
        match self.wait(deadline) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(self.ended_error(status)),
            None => Err(self.deadline_error("end")),
        }
    }

    /// Sends a signal, unless it has ended.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.is_running() {
            let pid = Pid::from_child(&self.child);
            // Fails only for a process that is gone, and this one is not waited for yet.
            let _ = kill_process(pid, signal);
        }
    }

    /// Halts it (SIGSTOP), and waits until all its threads stand still: a signal that was sent stops
    /// nobody yet, and on a busy machine a program goes on to answer for a while.
    pub(crate) fn pause(&mut self) {
        self.signal(Signal::STOP);
        if self.is_running() {
            let pid = WaitId::Pid(Pid::from_child(&self.child));
            // Should it end instead, its status is left for those who ask how.
            let stands = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(pid.clone(), stands), Err(Errno::INTR)) {}
        }
    }

    /// Lets it go on (SIGCONT).
    pub(crate) fn resume(&mut self) {
        self.signal(Signal::CONT);
    }

    /// SIGKILL, and waits for the end. Ends a stopped process too.
    pub(crate) fn kill(&mut self) {
        if self.is_running() {
            let _ = self.child.kill();
            if let Ok(status) = self.child.wait() {
                self.note(status);
            }
        }
    }

    /// The error that it ended when it should not have.
    pub(crate) fn ended_error(&self, status: ExitStatus) -> Error {
        Error::Ended {
            what: self.what.clone(),
            status,
            output: self.log_tail(),
        }
    }

    /// The error that it did not do something in time.
    pub(crate) fn deadline_error(&self, failed_to: &str) -> Error {
        Error::Deadline {
            what: format!("{} did not {failed_to}", self.what),
            output: self.log_tail(),
        }
    }

    /// The whole log, with what is not UTF-8 replaced.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    fn log_tail(&self) -> String {
        const LINES: usize = 60;
        let log = self.log();
        let skip = log.lines().count().saturating_sub(LINES);
        log.lines().skip(skip).collect::<Vec<_>>().join("\n")
    }

    fn note(&mut self, status: ExitStatus) {
        self.ended = Some(status);
        if let Ok(guard) = Guard::get() {
            guard.forget(self.child.id());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
