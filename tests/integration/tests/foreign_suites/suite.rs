//! [`Suite`]: the tests of a client, which are run on both brokers and compared.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use libkafka_testbroker::Broker;
use libkafka_testkafka::{Error, Kafka, Tool};

use crate::table::{self, Row};

/// Which tests ran, and whether they passed; skipped ones are not among them.
pub(crate) type Outcomes = BTreeMap<String, bool>;

/// An outcome of its own: a suite that takes too long says nothing of the tests that it has left.
const ALL_IN_TIME: &str = "all in time";

/// Makes the program of a suite.
type Run = Box<dyn Fn(&str, &[String]) -> Tool>;

/// A suite, and how it is run.
pub(crate) struct Suite {
    /// The client and its version.
    pub(crate) name: &'static str,
    /// What it wants of the cluster, beside what Kafka has by default.
    pub(crate) nodes: i32,
    pub(crate) configs: &'static [(&'static str, &'static str)],
    /// The tests of what the README of the test broker says that it does not serve.
    pub(crate) not_served: &'static [&'static str],
    /// How long it may take.
    pub(crate) limit: Duration,
    /// The program, for a cluster with these addresses. It runs the tests of these names alone, or
    /// all if there are none.
    pub(crate) tool: Run,
    /// The test that a line of its output is about, and whether that passed.
    pub(crate) outcome: fn(&str) -> Option<(String, bool)>,
}

impl Suite {
    /// Runs it on both, and adds a row to the table.
    ///
    /// # Panics
    /// If a test passes on Kafka only, or none does.
    pub(crate) fn compare(&self) {
        let mut here = self.run_here(&[]);
        let there = self.run_there();
        let passed_there_only = |here: &Outcomes| -> Vec<String> {
            let passed = there.iter().filter(|(_, passed)| **passed);
            let passed = passed.map(|(name, _)| name);
            let only = passed.filter(|name| here.get(*name) != Some(&true));
            let served = only.filter(|name| !self.not_served.contains(&name.as_str()));
            served.cloned().collect()
        };
        // On a busy machine any timed test may fail once.
        let again = passed_there_only(&here);
        if !again.is_empty() {
            here.extend(self.run_here(&again));
        }
        let only_there = passed_there_only(&here);
        table::add(Row {
            name: self.name,
            here: passed(&here),
            there: passed(&there),
            not_served: self.not_served.len(),
            only_there: only_there.clone(),
        });
        let compared = passed(&there) > 0 && !there.contains_key(ALL_IN_TIME);
        assert!(compared, "{}: {there:?}", self.name);
        assert!(only_there.is_empty(), "{}: {only_there:#?}", self.name);
    }

    fn run_here(&self, only: &[String]) -> Outcomes {
        let broker = Broker::builder().nodes(self.nodes);
        let broker = self
            .configs
            .iter()
            .fold(broker, |broker, (key, value)| broker.config(*key, *value));
        let broker = broker.start().unwrap();
        self.run(&broker.bootstrap(), only)
    }

    fn run_there(&self) -> Outcomes {
        // Kafka's default, which its fixture here has otherwise.
        let kafka = Kafka::builder()
            .brokers(self.nodes)
            .property("auto.create.topics.enable", "true");
        let kafka = self
            .configs
            .iter()
            .fold(kafka, |kafka, (key, value)| kafka.property(*key, *value));
        let kafka = kafka.start().unwrap();
        self.run(&kafka.bootstrap(), &[])
    }

    fn run(&self, bootstrap: &str, only: &[String]) -> Outcomes {
        let deadline = Instant::now() + self.limit;
        let mut session = (self.tool)(bootstrap, only).spawn().unwrap();
        let mut outcomes = Outcomes::new();
        loop {
            match session.line(deadline) {
                Ok(Some(line)) => {
                    let line = String::from_utf8_lossy(&line);
                    if let Some((name, passed)) = (self.outcome)(&line) {
                        if !passed {
                            println!("{line}");
                        }
                        outcomes.insert(name, passed);
                    }
                }
                Ok(None) => break,
                // What has passed by then has passed.
                Err(Error::Deadline { .. }) => {
                    println!("{}: longer than {:?}", self.name, self.limit);
                    outcomes.insert(ALL_IN_TIME.to_owned(), false);
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        if outcomes.is_empty() {
            println!("{}", session.stderr());
        }
        outcomes
    }
}

fn passed(outcomes: &Outcomes) -> usize {
    outcomes.values().filter(|passed| **passed).count()
}

/// The outcome of a line of our own drivers: `PASS name` or `FAIL name: why`.
pub(crate) fn driver_outcome(line: &str) -> Option<(String, bool)> {
    let (outcome, rest) = line.split_once(' ')?;
    let name = rest.split(':').next()?.trim().to_owned();
    match outcome {
        "PASS" => Some((name, true)),
        "FAIL" => Some((name, false)),
        _ => None,
    }
}
