//! Random sequences of requests, sent to the embedded broker and to real Kafka alike. The answers
//! are the same, once ids and times have the same names.
//!
//! - `cargo test -p libkafka-integration --test random_differential` goes on for two minutes at
//!   the most, with sequences that are always the same.
//! - `RANDOM_REQUESTS=100000 RANDOM_SEED=7 cargo test -p libkafka-integration --test
//!   random_differential` sends so many requests, of sequences that follow from this seed;
//!   `RANDOM_WORKERS` says how many sequences at a time, `RANDOM_DIFFERENCES` after how many kinds of
//!   differences it ends, and `RANDOM_SHRINK=0` that their sequences are not made shorter.
//! - `RANDOM_REPLAY=FILE` sends the one sequence in that file, in the form in which a difference is
//!   printed.

mod administration;
mod api;
mod batches;
mod canonical;
mod focus;
mod generate;
mod line;
mod pair;
mod random_batches;
mod renaming;
mod rows;
mod settle;
mod shrink;
mod side;
mod step;
mod values;
mod world;

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_testkafka::{Kafka, Listener, require};

use crate::generate::Generator;
use crate::pair::{Difference, Pair};
use crate::shrink::{Runs, replay, shrink};
use crate::side::Side;
use crate::step::Step;
use crate::world::World;

/// How long it goes on if not told otherwise.
const BUDGET: Duration = Duration::from_secs(120);
/// How many requests it sends at most if not told otherwise: those that follow from the fixed seed
/// and are answered alike. What comes after them is for longer runs to find.
const MOST: u64 = 12_000;
/// How many sequences are sent at a time if not told otherwise.
const WORKERS: u64 = 4;
/// Longest sequence.
const LONGEST: usize = 50;

fn setting(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Real Kafka, which waits no longer for others than the embedded broker does.
fn kafka() -> Kafka {
    let builder = Kafka::builder();
    let builder = pair::AUTHORIZATION
        .iter()
        .fold(builder, |builder, (name, value)| {
            builder.property(*name, *value)
        });
    builder
        .property("group.consumer.assignment.interval.ms", "0")
        .start()
        .unwrap()
}

#[test]
fn random_requests_are_answered_as_by_real_kafka() {
    require!();
    let kafka = kafka();
    settle::warm_up(&mut Side::new(kafka.address(1, Listener::Plaintext), 0, ""));
    let count = AtomicUsize::new(0);
    if let Ok(file) = env::var("RANDOM_REPLAY") {
        let text = fs::read_to_string(file).unwrap();
        let lines = text.lines().filter(|line| line.starts_with('{'));
        let steps: Vec<_> = lines.map(Step::from_line).collect();
        let mut runs = Runs::new(&kafka, &count, None);
        if let Some(difference) = replay(&mut runs, &steps) {
            panic!("{}", report(&steps, &difference));
        }
        return;
    }
    let run = Run {
        seed: setting("RANDOM_SEED").unwrap_or(4_4_0),
        requests: setting("RANDOM_REQUESTS"),
        stop_after: setting("RANDOM_DIFFERENCES").unwrap_or(1),
        start: Instant::now(),
        progress: Mutex::default(),
    };
    let deadline = run.requests.is_none().then(|| run.start + BUDGET);
    thread::scope(|scope| {
        for _ in 0..setting("RANDOM_WORKERS").unwrap_or(WORKERS) {
            scope.spawn(|| run.work(&mut Runs::new(&kafka, &count, deadline)));
        }
    });
    let progress = run.progress.lock().unwrap();
    let Progress {
        sent,
        found,
        passing,
        ..
    } = *progress;
    let time = run.start.elapsed();
    println!("{sent} requests in {time:?}, {found} differ, {passing} once");
    assert_eq!(found, 0);
}

/// What is to be sent, and how far that is.
struct Run {
    seed: u64,
    /// How many requests, if told.
    requests: Option<u64>,
    stop_after: u64,
    start: Instant,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// The number of the next sequence.
    next: u64,
    sent: u64,
    /// Differences that have come again, and others.
    found: u64,
    passing: u64,
    kinds: BTreeSet<String>,
}

impl Run {
    fn is_over(&self, progress: &Progress) -> bool {
        progress.found >= self.stop_after
            || match self.requests {
                Some(requests) => progress.sent >= requests,
                None => progress.sent >= MOST || self.start.elapsed() >= BUDGET,
            }
    }

    /// Sends one sequence after the other until all are sent.
    fn work(&self, runs: &mut Runs<'_>) {
        loop {
            let mut progress = self.progress.lock().unwrap();
            if self.is_over(&progress) {
                return;
            }
            let sequence = progress.next;
            progress.next += 1;
            let sent = progress.sent;
            drop(progress);
            if sequence.is_multiple_of(50) {
                println!("{sent} requests in {:?}", self.start.elapsed());
            }
            let seed = self.seed << 32 | sequence;
            let (steps, difference) = random_sequence(runs, seed);
            let mut progress = self.progress.lock().unwrap();
            progress.sent += steps.len() as u64;
            let Some(difference) = difference else {
                continue;
            };
            let kind = difference.kind();
            if !progress.kinds.insert(kind.clone()) {
                continue;
            }
            drop(progress);
            if env::var("RANDOM_SHRINK").is_ok_and(|value| value == "0") {
                println!("{kind}\n  {}\n", difference.step.to_line());
                self.progress.lock().unwrap().found += 1;
                continue;
            }
            // Once more, lest it was only late.
            if replay(runs, &steps).is_none() {
                self.progress.lock().unwrap().passing += 1;
                let report = report(&steps, &difference);
                println!("sequence {seed}: a difference that has not come again:\n{report}");
                continue;
            }
            let (steps, difference) = shrink(runs, steps, &kind);
            println!("sequence {seed}: {kind}\n{}", report(&steps, &difference));
            let mut progress = self.progress.lock().unwrap();
            progress.found += 1;
            progress.kinds.insert(difference.kind());
        }
    }
}

/// Sends the sequence that follows from a seed; gives its steps, and the difference it ended with.
fn random_sequence(runs: &mut Runs<'_>, seed: u64) -> (Vec<Step>, Option<Box<Difference>>) {
    let mut pair = Pair::start(runs.kafka, runs.next());
    let mut generator = Generator::new(seed);
    let mut world = World::default();
    let mut steps = Vec::new();
    for _ in 0..generator.rng.usize(5..=LONGEST) {
        let step = generator.step(&world, &pair.free());
        steps.push(step.clone());
        match pair.step(&step) {
            Ok(answers) => {
                for (step, answer) in answers {
                    world.learn(&step, &answer);
                }
            }
            Err(difference) => return (steps, Some(difference)),
        }
    }
    (steps, None)
}

#[test]
fn every_api_that_is_served_is_asked_for() {
    let broker = libkafka_testbroker::Broker::start().unwrap();
    let mut side = Side::new(broker.address(1), 0, "");
    let answer = side.ask(api::named("ApiVersions"), 0, &serde_json::json!({}));
    let served = answer["apiKeys"].as_array().unwrap().iter();
    let served = served.map(|api| api["apiKey"].as_i64().unwrap() as i16);
    let is_asked = |key: &i16| api::APIS.iter().any(|api| api.key == *key);
    let missing: Vec<i16> = served.filter(|key| !is_asked(key)).collect();
    assert_eq!(missing, Vec::<i16>::new());
}

fn report(steps: &[Step], difference: &Difference) -> String {
    let mut out = String::new();
    for step in steps {
        writeln!(out, "{}", step.to_line()).unwrap();
    }
    let Difference { step, ours, theirs } = difference;
    let name = step.api.short_name();
    writeln!(
        out,
        "step {} ({name} v{}) differs",
        step.number, step.version
    )
    .unwrap();
    writeln!(out, "  ours:   {}", ours.to_line()).unwrap();
    writeln!(out, "  theirs: {}", theirs.to_line()).unwrap();
    out
}
