//! The table of all suites that have run.

use std::sync::{Mutex, PoisonError};

/// A suite that has run on both brokers.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// How many tests passed on the embedded broker.
    pub(crate) here: usize,
    /// And on real Kafka.
    pub(crate) there: usize,
    /// How many of these are of what the embedded broker does not serve.
    pub(crate) not_served: usize,
    /// The others that passed on real Kafka only.
    pub(crate) only_there: Vec<String>,
}

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

/// Adds a row, and prints all so far.
pub(crate) fn add(row: Row) {
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.push(row);
    println!("\n| suite | passed here | passed there | not served | only there |");
    println!("| --- | --- | --- | --- | --- |");
    for row in &*rows {
        let only_there = row.only_there.join(", ");
        let Row {
            name,
            here,
            there,
            not_served,
            ..
        } = row;
        println!("| {name} | {here} | {there} | {not_served} | {only_there} |");
    }
}
