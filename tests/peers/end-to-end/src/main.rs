//! End to end: libkafka-client beside other libraries and a raw loop on a socket, producing to
//! and fetching from one partition of a real Kafka.
//!
//! `cargo run --release -p peers-end-to-end --features rdkafka` for all of it; `-- produce`,
//! `-- consume`, `-- single` for a part, with further words of its title for less (`-- consume 1024
//! none`); `-- calls` to count system calls (wants strace).

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use peers_harness::Figures;

use crate::task::Task;

mod candidates;
mod cases;
mod report;
mod system_calls;
mod task;
mod time_each;

/// The first argument of a process that is one candidate.
const AS: &str = "as";

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(AS) => {
            let candidate = arguments.next().and_then(|i| i.parse::<usize>().ok());
            let task = Task::parse(arguments).expect("a task");
            let (_, run) = candidates::ALL[candidate.expect("a candidate")];
            println!("{}", run(&task).line());
        }
        Some("calls") => system_calls::count(),
        first => {
            let words: Vec<_> = first
                .map(str::to_owned)
                .into_iter()
                .chain(arguments)
                .collect();
            cases::run(&words);
        }
    }
}

/// The command by which one candidate does one task, in a process of its own: what it costs is
/// then told apart from what others cost.
fn command(candidate: usize, task: &Task) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command
        .arg(AS)
        .arg(candidate.to_string())
        .args(task.arguments());
    command
}

/// How long a candidate may take for a task. The raw loop takes a few seconds at most; with Nagle's
/// algorithm and delayed acknowledgements, single records can take minutes.
const LIMIT: Duration = Duration::from_secs(20);

/// What it costs a candidate to do a task. `None` if it was ended because it took longer than
/// [`LIMIT`].
fn measure(candidate: usize, task: &Task) -> Option<Figures> {
    let (name, _) = candidates::ALL[candidate];
    let mut child = command(candidate, task)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = child.stdout.take().expect("a pipe");
    let (sender, printed) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        // Fewer bytes are no line of figures, which is found below.
        let _ = output.read_to_string(&mut text);
        let _ = sender.send(text);
    });
    let printed = printed.recv_timeout(LIMIT);
    if printed.is_err() {
        child.kill().expect("it can be ended");
    }
    child.wait().expect("it ends");
    let printed = printed.ok()?;
    let figures = Figures::parse(&printed);
    Some(figures.unwrap_or_else(|| panic!("{name} failed {task:?}")))
}
