//! [`example`]: a program among the examples of the crates.

use std::path::PathBuf;

/// Where cargo puts an example; `None`, and a line that says so, if this run has not built it:
/// `cargo test --workspace` does, and one with `-p` or `--test` does not.
pub fn example(name: &str) -> Option<PathBuf> {
    let tests = std::env::current_exe().expect("the path of this program");
    let target = tests.parent().and_then(|deps| deps.parent());
    let example = target.expect("a target folder").join("examples").join(name);
    let example = example.with_extension(std::env::consts::EXE_EXTENSION);
    if !example.exists() {
        eprintln!("skipped: {} is not built", example.display());
    }
    example.exists().then_some(example)
}
