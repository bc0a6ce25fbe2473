//! [`shrink`]: leaves out of a sequence what its difference does without.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use libkafka_testkafka::Kafka;
use serde_json::Value;

use crate::pair::{Difference, Pair};
use crate::step::Step;

/// Tries until then.
const MOST_RUNS: usize = 150;

/// The runs of one worker's sequences on a real Kafka that others use as well.
pub(crate) struct Runs<'a> {
    pub(crate) kafka: &'a Kafka,
    /// How many there are of all workers.
    all: &'a AtomicUsize,
    count: usize,
    /// When to leave a sequence as it is.
    deadline: Option<Instant>,
}

impl<'a> Runs<'a> {
    pub(crate) fn new(kafka: &'a Kafka, all: &'a AtomicUsize, deadline: Option<Instant>) -> Self {
        Self {
            kafka,
            all,
            count: 0,
            deadline,
        }
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() > deadline)
    }

    /// The number of the next run, which no other has.
    pub(crate) fn next(&mut self) -> usize {
        self.count += 1;
        self.all.fetch_add(1, Ordering::Relaxed)
    }
}

/// Sends a sequence once more, as another run.
pub(crate) fn replay(runs: &mut Runs<'_>, steps: &[Step]) -> Option<Box<Difference>> {
    let mut pair = Pair::start(runs.kafka, runs.next());
    steps.iter().find_map(|step| pair.step(step).err())
}

/// The sequence with as few steps, of as little, as still differ.
pub(crate) fn shrink(
    runs: &mut Runs<'_>,
    mut steps: Vec<Step>,
    kind: &str,
) -> (Vec<Step>, Box<Difference>) {
    let first = runs.count;
    let mut last = replay(runs, &steps);
    let mut differs = |runs: &mut Runs<'_>, steps: &[Step]| {
        if runs.count - first > MOST_RUNS || runs.is_late() {
            return false;
        }
        let difference = replay(runs, steps);
        let differs = difference.as_ref().is_some_and(|d| d.kind() == kind);
        if differs {
            last = difference;
        }
        differs
    };
    let mut size = steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            match !fewer.is_empty() && differs(runs, &fewer) {
                true => steps = fewer,
                false => at += size,
            }
        }
        size /= 2;
    }
    for at in (0..steps.len()).rev() {
        let mut n = 0;
        loop {
            let mut smaller = steps.clone();
            if !remove_element(&mut smaller[at].request, &mut n.clone()) {
                break;
            }
            match differs(runs, &smaller) {
                true => steps = smaller,
                false => n += 1,
            }
        }
    }
    let difference = last.or_else(|| replay(runs, &steps));
    (steps, difference.expect("a difference that comes again"))
}

/// Removes element `n` of all arrays within a value; false if there are not so many.
fn remove_element(value: &mut Value, n: &mut usize) -> bool {
    match value {
        Value::Array(values) => {
            for at in 0..values.len() {
                if *n == 0 {
                    values.remove(at);
                    return true;
                }
                *n -= 1;
                if remove_element(&mut values[at], n) {
                    return true;
                }
            }
            false
        }
        // A batch stays as it is.
        Value::Object(fields) => {
            let mut fields = fields.iter_mut().filter(|(name, _)| *name != "records");
            fields.any(|(_, value)| remove_element(value, n))
        }
        _ => false,
    }
}
