//! The machine's name.

use std::process::Command;
use std::{fs, thread};

/// Processor, cores, system and compiler.
pub fn name() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let rustc = first_line("rustc", "--version");
    let system = first_line("uname", "-sr");
    let file = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    format!("{cores} cores of {} ({system}, {rustc})", processor(&file))
}

/// As `/proc/cpuinfo` has it.
fn processor(file: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::processor;

    #[test]
    fn a_processor_is_named_by_its_model_family_and_number() {
        let file = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n\
                    model name\t: AMD EPYC\n";
        assert_eq!(processor(file), "AMD EPYC, family 25, model 17");
    }

    #[test]
    fn a_processor_without_numbers_is_named_by_its_model() {
        assert_eq!(processor("model name\t: Some: thing\n"), "Some: thing");
    }

    #[test]
    fn a_processor_that_is_not_named_is_one_of_its_architecture() {
        assert_eq!(processor("processor\t: 0\n"), std::env::consts::ARCH);
    }
}
