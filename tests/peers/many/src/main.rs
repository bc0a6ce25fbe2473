//! Whole topics: the producer and the consumer beside raw loops on sockets, on three brokers.
//!
//! `cargo run --release -p peers-many` with embedded brokers, `-- kafka` with Kafka 4.4.0; after
//! that, names of rows. Each candidate has a process of its own for each turn, and they take turns.

use std::process::ExitCode;

mod records;
mod rows;
mod task;

/// The first argument of a process that does one task and says what it took.
const AS: &str = "as";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, task)) if first == AS => {
            let task = task::Task::parse(task).expect("a task");
            println!("{}", rows::run(&task).line());
            ExitCode::SUCCESS
        }
        _ => rows::compare(&arguments),
    }
}
