//! `Task`: what one process is to do.

use std::env;
use std::process::Command;

use peers_harness::Meter;

use crate::AS;

/// What one process is to do: a row, as one candidate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Task {
    pub(crate) row: String,
    pub(crate) candidate: String,
    pub(crate) bootstrap: String,
    pub(crate) topic: String,
    pub(crate) partitions: usize,
    pub(crate) records: usize,
    pub(crate) threads: usize,
    pub(crate) lz4: bool,
    /// How many seconds a producer sends for at most.
    pub(crate) seconds: u64,
}

impl Task {
    /// Whether a producer has sent for as long as it may.
    pub(crate) fn is_over(&self, meter: &Meter) -> bool {
        meter.elapsed().as_secs() >= self.seconds
    }

    pub(crate) fn arguments(&self) -> Vec<String> {
        vec![
            self.row.clone(),
            self.candidate.clone(),
            self.bootstrap.clone(),
            self.topic.clone(),
            self.partitions.to_string(),
            self.records.to_string(),
            self.threads.to_string(),
            self.lz4.to_string(),
            self.seconds.to_string(),
        ]
    }

    /// A process of this program that does it.
    pub(crate) fn command(&self) -> Command {
        let program = env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.arg(AS).args(self.arguments());
        command
    }

    pub(crate) fn parse(arguments: &[String]) -> Option<Self> {
        let [
            row,
            candidate,
            bootstrap,
            topic,
            partitions,
            records,
            threads,
            lz4,
            seconds,
        ] = arguments
        else {
            return None;
        };
        Some(Self {
            row: row.clone(),
            candidate: candidate.clone(),
            bootstrap: bootstrap.clone(),
            topic: topic.clone(),
            partitions: partitions.parse().ok()?,
            records: records.parse().ok()?,
            threads: threads.parse().ok()?,
            lz4: lz4.parse().ok()?,
            seconds: seconds.parse().ok()?,
        })
    }
}
