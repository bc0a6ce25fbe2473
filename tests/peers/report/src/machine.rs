//! The machine's name.

use std::process::Command;
use std::{fs, thread};

/// Processor, cores, system and compiler.
pub fn name() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let rustc = first_line("rustc", "--version");
    let system = first_line("uname", "-sr");
    format!("{cores} cores of {} ({system}, {rustc})", processor())
}

fn processor() -> String {
    let file = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = file.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let model = field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    // Some virtual machines only name the maker.
    match (field("cpu family"), field("model\t")) {
        (Some(family), Some(number)) => format!("{model}, family {family}, model {number}"),
        _ => model,
    }
}

fn first_line(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().unwrap_or_default().to_owned()
}
