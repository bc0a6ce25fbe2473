//! How long an example may be.

mod root;

use std::fs;
use std::path::PathBuf;

use root::root;

/// Of those below `examples` in a crate, each is read from top to bottom by somebody who has just
/// heard of it.
const LINES: usize = 100;

/// Tools rather than examples, which other programs talk with.
const TOOLS: [&str; 1] = ["inspect_batch.rs"];

#[test]
fn an_example_has_less_than_a_hundred_lines() {
    let mut folders: Vec<PathBuf> = ["batch", "client", "protocol"]
        .map(|name| root().join(format!("libkafka-{name}/examples")))
        .into();
    let (mut read, mut long) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if !TOOLS.iter().any(|tool| path.ends_with(tool)) {
                let lines = fs::read_to_string(&path).expect("a file").lines().count();
                read += 1;
                if lines >= LINES {
                    long.push(format!("{}: {lines}", path.display()));
                }
            }
        }
    }
    assert!(read > 5 && long.is_empty(), "{}", long.join("\n"));
}
