//! End to end: libkafka-client beside other libraries and a raw loop on a socket, producing to
//! and fetching from one partition of a real Kafka.
//!
//! `cargo run --release -p peers-end-to-end --features rdkafka` for all of it; `-- produce`,
//! `-- consume`, `-- single` for a part; `-- calls` to count system calls (wants strace).

use std::process::Command;

use crate::meter::Figures;
use crate::task::Task;

mod candidates;
mod cases;
mod cluster;
mod meter;
mod report;
mod system_calls;
mod task;

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
        part => cases::run(part),
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

fn measure(candidate: usize, task: &Task) -> Figures {
    let (name, _) = candidates::ALL[candidate];
    let output = command(candidate, task).output().expect("it starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    Figures::parse(&printed).unwrap_or_else(|| {
        let log = String::from_utf8_lossy(&output.stderr);
        panic!("{name} failed {task:?}: {log}")
    })
}
