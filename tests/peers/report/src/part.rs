//! `Part`: a benchmark, which is a program that prints tables; `Outcome`: what it printed.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// A benchmark.
pub struct Part {
    pub name: &'static str,
    pub title: &'static str,
    /// A program next to this one, or a script in the workspace.
    program: &'static str,
    arguments: &'static [&'static str],
    /// How often each candidate has its turn.
    rounds: &'static str,
    /// How long it may take.
    minutes: u64,
}

pub const PARTS: &[Part] = &[
    Part {
        name: "messages",
        title: "Messages",
        program: "peers-messages",
        arguments: &[],
        rounds: "101",
        minutes: 2,
    },
    Part {
        name: "batches",
        title: "Record batches",
        program: "peers-batches",
        arguments: &["abcd", "none"],
        rounds: "101",
        minutes: 2,
    },
    Part {
        name: "codecs",
        title: "Record batches, compressed",
        program: "peers-batches",
        arguments: &["a", "gzip,snappy,lz4,zstd"],
        rounds: "41",
        minutes: 2,
    },
    Part {
        name: "tls",
        title: "TLS",
        program: "peers-tls",
        arguments: &[],
        rounds: "11",
        minutes: 1,
    },
    Part {
        name: "end-to-end",
        title: "One partition of a real Kafka",
        program: "peers-end-to-end",
        arguments: &[],
        rounds: "3",
        minutes: 11,
    },
    Part {
        name: "many",
        title: "Whole topics, three brokers of a real Kafka",
        program: "peers-many",
        arguments: &["kafka", "produce-12", "produce-12-lz4", "consume-12"],
        rounds: "2",
        minutes: 4,
    },
    Part {
        name: "many-1000",
        title: "Producing to 1,000 partitions, three brokers of a real Kafka",
        program: "peers-many",
        arguments: &[
            "kafka",
            "produce-1000",
            "franz-go",
            "rdkafka",
            "krafka",
            "java",
        ],
        rounds: "1",
        minutes: 6,
    },
    Part {
        name: "lanes",
        title: "Many partitions, three embedded brokers",
        program: "peers-lanes",
        arguments: &["memory", "start", "sweep", "quiet", "produce", "single"],
        rounds: "3",
        minutes: 3,
    },
    Part {
        name: "build-cost",
        title: "What it costs to build",
        program: "build-cost/run",
        arguments: &["1"],
        rounds: "1",
        minutes: 5,
    },
];

/// What a part printed.
pub struct Outcome {
    pub part: &'static Part,
    pub printed: String,
    pub end: End,
}

pub enum End {
    Whole,
    /// It was ended after this time.
    CutOff(Duration),
    Failed,
}

impl Outcome {
    pub fn is_whole(&self) -> bool {
        matches!(self.end, End::Whole)
    }
}

impl Part {
    /// Runs it in `folder` for at most `left`, and no longer than its own limit.
    pub fn run(&'static self, folder: &Path, left: Duration) -> Outcome {
        eprintln!("{}", self.title);
        let limit = left.min(Duration::from_secs(self.minutes * 60));
        let started = Instant::now();
        let mut child = Command::new(self.path(folder))
            .args(self.arguments)
            .env("ROUNDS", self.rounds)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program));
        let output = child.stdout.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut printed = String::new();
        let cut_off = loop {
            match lines.recv_timeout(limit.saturating_sub(started.elapsed())) {
                Ok(line) => printed += &(line + "\n"),
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => break true,
            }
        };
        if cut_off {
            end(&child);
        }
        let ended = child.wait().is_ok_and(|status| status.success());
        Outcome {
            part: self,
            printed,
            end: match (cut_off, ended) {
                (true, _) => End::CutOff(limit),
                (false, true) => End::Whole,
                (false, false) => End::Failed,
            },
        }
    }

    fn path(&self, folder: &Path) -> PathBuf {
        if self.program.contains('/') {
            return folder.join(self.program);
        }
        let own = env::current_exe().expect("this program has a path");
        own.with_file_name(self.program)
    }
}

/// Ends a benchmark and what it started, by its process group.
fn end(child: &Child) {
    let group = format!("-{}", child.id());
    let status = Command::new("kill").args(["-TERM", "--", &group]).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "it can be ended"
    );
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::{End, Outcome, PARTS, Part};
    use crate::LIMIT;

    const LONG: Duration = Duration::from_secs(60);

    /// Runs a script for at most `left`.
    fn run(script: &'static str, left: Duration) -> Outcome {
        let part = Box::leak(Box::new(Part {
            name: "script",
            title: "A script",
            program: "/bin/sh",
            arguments: Box::leak(Box::new(["-c", script])),
            rounds: "7",
            minutes: 1,
        }));
        part.run(Path::new("/"), left)
    }

    #[test]
    fn a_part_that_ends_by_itself_is_whole_and_knows_its_rounds() {
        let outcome = run("echo first; echo $ROUNDS", LONG);
        assert_eq!(outcome.printed, "first\n7\n");
        assert!(outcome.is_whole());
    }

    #[test]
    fn a_part_that_ends_with_an_error_has_failed_and_keeps_what_it_printed() {
        let outcome = run("echo first; exit 3", LONG);
        assert_eq!(outcome.printed, "first\n");
        assert!(matches!(outcome.end, End::Failed));
    }

    #[test]
    fn a_part_that_reaches_its_limit_is_ended_with_all_that_it_started() {
        let begun = Instant::now();
        let limit = Duration::from_millis(200);
        // The child of the shell holds the pipe open, too.
        let outcome = run("sleep 600 & echo $!; wait", limit);
        assert!(matches!(outcome.end, End::CutOff(after) if after == limit));
        assert!(begun.elapsed() < LONG);
        let child = Path::new("/proc").join(outcome.printed.trim()).join("stat");
        while let Ok(stat) = std::fs::read_to_string(&child) {
            // Nobody may be there to take note that it has ended.
            if stat.contains(") Z ") {
                break;
            }
            assert!(begun.elapsed() < LONG, "it goes on: {stat}");
        }
    }

    #[test]
    fn every_part_has_a_name_of_its_own_and_ends_within_the_limit_of_all() {
        let names: HashSet<_> = PARTS.iter().map(|part| part.name).collect();
        assert_eq!(names.len(), PARTS.len());
        for part in PARTS {
            assert!(
                Duration::from_secs(60 * part.minutes) < LIMIT,
                "{}",
                part.name
            );
        }
    }
}
