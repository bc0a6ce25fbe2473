//! What came of it.

use std::any::Any;
use std::fmt::Display;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use libkafka_testkafka::Version;

use crate::Behaviour;
use crate::place::Place;

/// Version × way in × result.
pub(crate) struct Table<'a> {
    behaviours: &'a [Behaviour],
    rows: Vec<String>,
    failures: Vec<String>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(behaviours: &'a [Behaviour]) -> Self {
        Self {
            behaviours,
            rows: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Tries every behaviour in a place, and notes how it went.
    pub(crate) fn enter(&mut self, place: &Place) {
        let started = Instant::now();
        let mut failed = Vec::new();
        for &(name, behaviour) in self.behaviours {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| behaviour(place))) {
                failed.push(name);
                let what = format!("{} {} {name}", place.version, place.way());
                self.failures.push(format!("{what}: {}", message(&*panic)));
            }
        }
        let all = self.behaviours.len();
        let result = match &failed[..] {
            [] => format!("all {all}, {:.1} s", started.elapsed().as_secs_f32()),
            failed => format!("FAILED {}", failed.join(", ")),
        };
        self.row(place.version, &place.way(), &result);
    }

    pub(crate) fn does_not_start(&mut self, version: Version, error: &dyn Display) {
        self.row(version, "-", "FAILED to start");
        self.failures.push(format!("{version}: {error}"));
    }

    /// Prints the table.
    ///
    /// # Panics
    /// If anything failed.
    pub(crate) fn show(self) {
        let head = [
            row("version", "listener", "result"),
            row("---", "---", "---"),
        ];
        // In one piece, since other tests print too; and not by `println`, which the test harness
        // keeps to itself when a test passes.
        let lines = head.into_iter().chain(self.rows);
        let text: String = lines.map(|line| line + "\n").collect();
        let _ = std::io::stderr().write_all(format!("\n{text}").as_bytes());
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n\n"));
    }

    fn row(&mut self, version: Version, way: &str, result: &str) {
        let row = row(&version.to_string(), way, result);
        println!("{row}");
        self.rows.push(row);
    }
}

fn row(version: &str, way: &str, result: &str) -> String {
    format!("| {version:7} | {way:28} | {result:12} |")
}

fn message(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(message) => message,
        None => panic.downcast_ref().copied().unwrap_or("no message"),
    }
}
