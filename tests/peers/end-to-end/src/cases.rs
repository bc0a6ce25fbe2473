//! What is measured, and in which order.

use peers_harness::{Cluster, Figures, rounds};

use crate::task::{Kind, Task};
use crate::{candidates, measure, report};

/// Bytes of all records of a run.
const BYTES: usize = 60_000_000;
/// Records that are produced one by one.
const SINGLES: usize = 2000;

/// Turns of the first two candidates alone, for each turn of all: what is ours beside the limit by
/// hand is a few percent, which the broker on the same processors hides in a few turns.
const PAIRS: usize = 4;

/// Runs the cases whose description has all of `words`; candidates take turns, as often as the
/// environment variable `ROUNDS` says, 5 times where it is unset, and then the first two alone, as
/// often as `PAIRS` says.
pub fn run(words: &[String]) {
    let rounds = rounds(5);
    let pairs = std::env::var("PAIRS").ok();
    let pairs = pairs.map_or(PAIRS * rounds, |pairs| pairs.parse().expect("a number"));
    let mut cluster = Cluster::kafka(1, 768, &[]);
    for task in tasks(&cluster.bootstrap) {
        let title = report::title(&task);
        // Single records are produced, too, but are a kind of their own.
        let described: Vec<_> = title.split([' ', ',']).skip(1).collect();
        let is_wanted =
            |word: &String| *word == task.kind.to_string() || described.contains(&word.as_str());
        if words.iter().all(is_wanted) {
            let measured = compare(&mut cluster, &task, rounds, pairs);
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

/// The figures of each candidate in each round, and of the first two in `pairs` more, in alternating
/// order; one more round, before, is for the broker to get warm. `None` for a candidate that took
/// too long; it is not tried again.
fn compare(
    cluster: &mut Cluster,
    task: &Task,
    rounds: usize,
    pairs: usize,
) -> Vec<Option<Vec<Figures>>> {
    let filled = (task.kind == Kind::Consume).then(|| fill(cluster, task));
    let mut measured = vec![Some(Vec::new()); candidates::ALL.len()];
    let all: Vec<usize> = match rounds {
        0 => vec![0, 1],
        _ => (0..measured.len()).collect(),
    };
    let warm_up = std::iter::once((false, all.as_slice()));
    let turns = std::iter::repeat_n((true, all.as_slice()), rounds);
    let pairs = (0..pairs).map(|pair| (true, [[0, 1].as_slice(), &[1, 0]][pair % 2]));
    for (counts, order) in warm_up.chain(turns).chain(pairs) {
        for &candidate in order {
            let Some(figures) = &mut measured[candidate] else {
                continue;
            };
            let topic = filled.clone().unwrap_or_else(|| cluster.topic(1, 1));
            let task = Task {
                topic: topic.clone(),
                ..task.clone()
            };
            match measure(candidate, &task) {
                Some(turn) if counts => figures.push(turn),
                Some(_) => {}
                None => measured[candidate] = None,
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
