//! What is measured, and in which order.

use peers_harness::{Cluster, Figures, rounds};

use crate::task::{Kind, Task};
use crate::{candidates, measure, report};

/// Bytes of all records of a run.
const BYTES: usize = 60_000_000;
/// Records that are produced one by one.
const SINGLES: usize = 2000;

/// Runs the cases of `part`, or all; candidates take turns, as often as the environment variable
/// `ROUNDS` says, 5 times where it is unset.
pub fn run(part: Option<&str>) {
    let part = part.map(|name| Kind::parse(name).expect("produce, consume or single"));
    let mut cluster = Cluster::kafka(1, 768, &[]);
    for task in tasks(&cluster.bootstrap) {
        if part.is_none_or(|part| part == task.kind) {
            let measured = compare(&mut cluster, &task, rounds(5));
            report::print(&task, &measured);
        }
    }
}

fn tasks(bootstrap: &str) -> Vec<Task> {
    let task = |kind, size, lz4, in_flight| Task {
        bootstrap: bootstrap.to_owned(),
        topic: String::new(),
        kind,
        size,
        lz4,
        in_flight,
        records: match kind {
            Kind::Single => SINGLES,
            _ => BYTES / size,
        },
    };
    let mut tasks = Vec::new();
    for size in [100, 1024] {
        for lz4 in [false, true] {
            for in_flight in [1, 5] {
                tasks.push(task(Kind::Produce, size, lz4, in_flight));
            }
        }
    }
    for size in [100, 1024] {
        for lz4 in [false, true] {
            tasks.push(task(Kind::Consume, size, lz4, 1));
        }
    }
    tasks.push(task(Kind::Single, 100, false, 1));
    tasks
}

/// The figures of each candidate in each round; one more round, before, is for the broker to get
/// warm. `None` for a candidate that took too long; it is not tried again.
fn compare(cluster: &mut Cluster, task: &Task, rounds: usize) -> Vec<Option<Vec<Figures>>> {
    let filled = (task.kind == Kind::Consume).then(|| fill(cluster, task));
    let mut measured = vec![Some(Vec::new()); candidates::ALL.len()];
    for round in 0..=rounds {
        for (candidate, measured) in measured.iter_mut().enumerate() {
            let Some(rounds) = measured else { continue };
            let topic = filled.clone().unwrap_or_else(|| cluster.topic(1, 1));
            let task = Task {
                topic: topic.clone(),
                ..task.clone()
            };
            match measure(candidate, &task) {
                Some(figures) if round > 0 => rounds.push(figures),
                Some(_) => {}
                None => *measured = None,
            }
            if filled.is_none() {
                cluster.delete(&topic);
            }
        }
    }
    if let Some(topic) = filled {
        cluster.delete(&topic);
    }
    measured
}

/// A topic with the records that are to be fetched, as the raw loop produces them.
fn fill(cluster: &mut Cluster, task: &Task) -> String {
    let topic = cluster.topic(1, 1);
    let task = Task {
        topic: topic.clone(),
        kind: Kind::Produce,
        ..task.clone()
    };
    measure(0, &task).expect("the raw loop is fast");
    topic
}
