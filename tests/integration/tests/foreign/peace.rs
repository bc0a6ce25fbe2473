//! What a client prints that has something to complain about.

use libkafka_testkafka::{Printed, Tool};

/// What Kafka's tools say on standard error though all is well.
const NOTES: [&str; 3] = [
    "Processed a total of ",
    "Consumer group '",
    "The consumer rebalance protocol (KIP-848) is production-ready!",
];

/// Runs a program that has nothing to complain about.
#[track_caller]
pub(crate) fn run(tool: Tool) -> Printed {
    let what = format!("{tool:?}");
    let printed = tool.run().unwrap();
    assert_eq!(complaints(&printed.stderr), [""; 0], "{what}");
    printed
}

/// The lines of standard error, on which Java's clients log warnings and errors here, and
/// librdkafka whatever it has to say, less those that are no complaints.
pub(crate) fn complaints(stderr: &str) -> Vec<&str> {
    let is_note = |line: &&str| line.is_empty() || NOTES.iter().any(|note| line.starts_with(note));
    stderr.lines().filter(|line| !is_note(line)).collect()
}
