//! The other libraries, each in a program of its own.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use libkafka_testkafka::{Session, Tool};
use peers_harness::Figures;

use super::compare::by_itself;
use crate::AS;
use crate::task::Task;

/// Those that produce.
pub(super) const PRODUCERS: &[&str] = &["franz-go", "rdkafka", "krafka", "java"];

/// Those that consume.
pub(super) const CONSUMERS: &[&str] = &["franz-go", "java", "rdkafka", "krafka"];

/// Has the candidate of a task do it, in a process of its own.
pub(super) fn run(task: &Task) -> Figures {
    match task.candidate.as_str() {
        "franz-go" => by_itself(Command::new(franz_go()).args(task.arguments())),
        "java" => java(task, "Produce"),
        _ => by_itself(&mut task.command()),
    }
}

/// Has a class of ours do it.
pub(super) fn java(task: &Task, class: &str) -> Figures {
    let source = format!("{}/java/{class}.java", env!("CARGO_MANIFEST_DIR"));
    let printed = Tool::source(source)
        .args(task.arguments())
        .deadline(Duration::from_secs(600))
        .run()
        .expect("Java runs");
    let lines = printed.lines();
    let figures = lines.last().and_then(|line| Figures::parse(line));
    figures.unwrap_or_else(|| panic!("failed {task:?}: {}", printed.stderr))
}

/// Has the candidate of a task do it, in a process of its own that goes on until its input ends.
pub(super) fn spawn(task: &Task) -> Session {
    let tool = match task.candidate.as_str() {
        "franz-go" => Tool::program(franz_go().display().to_string()),
        _ => {
            let program = env::current_exe().expect("this program has a path");
            Tool::program(program.display().to_string()).arg(AS)
        }
    };
    tool.args(task.arguments()).spawn().expect("it starts")
}

/// The program of franz-go that produces.
pub(super) fn franz_go() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| go_program("go"))
}

/// Builds the program in a folder of this crate, next to this one.
pub(super) fn go_program(folder: &str) -> PathBuf {
    let program = env::current_exe().expect("this program has a path");
    let program = program.with_file_name(format!("peers-many-{folder}"));
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "go build");
    program
}
