//! The last resort: a process of its own that cleans up once this one is gone, however it ended.
//!
//! `Drop` stops a broker when a test panics. It does not run for a static, after `abort`, or after
//! SIGKILL. So one small shell waits on a pipe whose other end only this process holds. When the
//! kernel closes it, the shell ends whatever still runs and removes the temporary folder.
//!
//! Each child is listed as a file named after its pid, written by the child itself before it becomes
//! the program, so that no moment exists at which it runs unlisted. The guard moves the list
//! away before it reads it: a child that comes late finds no place to sign and ends.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::error::{At, Error};

/// `$1`: the folder with the list of pids in it.
const WATCH: &str = r#"
cat >/dev/null
mv "$1/pids" "$1/ended" && cd "$1/ended" && for pid in *; do kill -9 "$pid"; done
cd / && rm -rf "$1"
"#;

/// `$0`: the list of pids; `$@`: the program. It keeps the shell's pid.
const SIGN: &str = r#": >"$0/$$" || exit 1; exec "$@""#;

/// This process's folder, and the shell that removes it.
pub(crate) struct Guard {
    folder: PathBuf,
    /// Holds the pipe: dropped never, closed by the kernel.
    _shell: Child,
}

impl Guard {
    /// The guard of this process.
    pub(crate) fn get() -> Result<&'static Guard, Error> {
        static GUARD: OnceLock<Guard> = OnceLock::new();
        if let Some(guard) = GUARD.get() {
            return Ok(guard);
        }
        // Two threads may both get here; the guard of the one that loses has nothing to guard.
        let guard = Guard::start()?;
        Ok(GUARD.get_or_init(|| guard))
    }

    fn start() -> Result<Guard, Error> {
        let folder = tempfile::Builder::new()
            .prefix("libkafka-")
            .tempdir()
            .at("creating a folder in", std::env::temp_dir())?
            .keep();
        let pids = folder.join("pids");
        std::fs::create_dir(&pids).at("creating", &pids)?;
        let shell = Command::new("sh")
            .args(["-c", WATCH, "sh"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C or a test runner's timeout ends the process group of the tests, not this.
            .process_group(0)
            .spawn()
            .at("starting", "sh")?;
        Ok(Guard {
            folder,
            _shell: shell,
        })
    }

    /// The folder of this process: the guard removes it and all that is in it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command that runs `program` as a listed process.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", SIGN])
            .arg(self.pids())
            .arg(program)
            .process_group(0);
        command
    }

    /// Takes a process that has ended off the list.
    pub(crate) fn forget(&self, pid: u32) {
        // Nothing to do on failure: the pid is that of a process that is gone.
        let _ = std::fs::remove_file(self.pids().join(pid.to_string()));
    }

    fn pids(&self) -> PathBuf {
        self.folder.join("pids")
    }
}
