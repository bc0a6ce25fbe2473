//! Random sequences of requests, sent to the embedded broker and to real Kafka alike. The answers
//! are the same, once ids and times have the same names.
//!
//! - `cargo test -p libkafka-integration --test random_differential` goes on for two
//!   minutes at the most, with sequences that are always the same.
//! - `RANDOM_REQUESTS=100000 RANDOM_SEED=7 cargo test -p libkafka-integration --test
//!   random_differential` sends so many requests, of sequences that follow from this seed.
//! - `RANDOM_REPLAY=FILE` sends the one sequence in that file, in the form in which a difference is
//!   printed.

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
use std::time::{Duration, Instant};

use libkafka_testkafka::{Kafka, Listener, require};

use crate::generate::Generator;
use crate::pair::{Difference, Pair};
use crate::shrink::{Runs, replay, shrink};
use crate::side::Side;
use crate::step::Step;
use crate::world::World;

/// How long it goes on if not told otherwise.
const BUDGET: Duration = Duration::from_secs(110);
/// How many requests it sends at most if not told otherwise: those that follow from the fixed seed
/// and are answered alike. What comes after them is for longer runs to find.
const MOST: u64 = 6_000;
/// Longest sequence.
const LONGEST: usize = 50;

fn setting(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Real Kafka, which waits no longer for others than the embedded broker does.
fn kafka() -> Kafka {
    Kafka::builder()
        .property("group.consumer.assignment.interval.ms", "0")
        .start()
        .unwrap()
}

#[test]
fn random_requests_are_answered_as_by_real_kafka() {
    require!();
    let kafka = kafka();
    settle::warm_up(&mut Side::new(kafka.address(1, Listener::Plaintext), 0, ""));
    let mut runs = Runs::new(&kafka);
    if let Ok(file) = env::var("RANDOM_REPLAY") {
        let text = fs::read_to_string(file).unwrap();
        let lines = text.lines().filter(|line| line.starts_with('{'));
        let steps: Vec<_> = lines.map(Step::from_line).collect();
        if let Some(difference) = replay(&mut runs, &steps) {
            panic!("{}", report(&steps, &difference));
        }
        return;
    }
    let seed = setting("RANDOM_SEED").unwrap_or(4_4_0);
    let requests = setting("RANDOM_REQUESTS");
    let stop_after = setting("RANDOM_DIFFERENCES").unwrap_or(1);
    let start = Instant::now();
    let (mut sent, mut passing, mut found) = (0, 0, 0);
    let mut kinds = BTreeSet::new();
    for sequence in 0.. {
        match requests {
            Some(requests) if sent >= requests => break,
            None if sent >= MOST || start.elapsed() >= BUDGET => break,
            _ => {}
        }
        let seed = seed << 32 | sequence;
        let (steps, difference) = random_sequence(&mut runs, seed);
        sent += steps.len() as u64;
        if sequence % 50 == 0 {
            println!("{sent} requests in {:?}", start.elapsed());
        }
        let Some(difference) = difference else {
            continue;
        };
        let kind = difference.kind();
        if !kinds.insert(kind.clone()) {
            continue;
        }
        if env::var("RANDOM_SHRINK").is_ok_and(|value| value == "0") {
            println!("{kind}\n  {}\n", difference.step.to_line());
            continue;
        }
        // Once more, lest it was only late.
        let Some(_) = replay(&mut runs, &steps) else {
            passing += 1;
            println!("sequence {seed}: a difference that has not come again:");
            println!("{}", report(&steps, &difference));
            continue;
        };
        let (steps, difference) = shrink(&mut runs, steps, &kind);
        found += 1;
        kinds.insert(difference.kind());
        println!("sequence {seed}: {kind}\n{}", report(&steps, &difference));
        assert!(found < stop_after, "{found} differences in {sent} requests");
    }
    println!(
        "{sent} requests in {:?}, {found} differ, {passing} once",
        start.elapsed()
    );
    assert_eq!(found, 0);
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

/// Their answers are about nodes rather than what a sequence makes, or change the real one for all;
/// or they are asked in other suites. `differential` compares them.
const LEFT_OUT: &[i16] = &[29, 30, 31, 34, 35, 41, 48, 49, 50, 51, 55, 57, 71, 72, 74];

#[test]
fn every_api_that_is_served_is_asked_for() {
    let broker = libkafka_testbroker::Broker::start().unwrap();
    let mut side = Side::new(broker.address(1), 0, "");
    let answer = side.ask(api::named("ApiVersions"), 0, &serde_json::json!({}));
    let served = answer["apiKeys"].as_array().unwrap().iter();
    let served = served.map(|api| api["apiKey"].as_i64().unwrap() as i16);
    let is_asked = |key: &i16| api::APIS.iter().any(|api| api.key == *key);
    let missing: Vec<i16> = served
        .filter(|key| !is_asked(key) && !LEFT_OUT.contains(key))
        .collect();
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
