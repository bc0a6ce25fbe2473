//! Lanes: what many partitions cost, on three embedded brokers or on three of real Kafka.
//!
//! `cargo run --release -p peers-lanes` with embedded brokers, `-- kafka` with Kafka 4.4.0; after
//! that, names of parts: `idle`, `memory`, `start`, `sweep`, `quiet`, `produce`, `single`.

use std::process::ExitCode;

mod fetcher;
mod load;
mod meter;
mod parts;
mod tasks;

/// The first argument of a process that does one task and says what it took.
const AS: &str = "as";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, task)) if first == AS => {
            tasks::run(task);
            ExitCode::SUCCESS
        }
        _ => parts::run(&arguments),
    }
}
