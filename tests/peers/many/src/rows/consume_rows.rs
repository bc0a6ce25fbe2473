//! The rows of consuming: candidates read the same topic in turns.

use std::process::Command;
use std::time::{Duration, Instant};

use libkafka_client::{ProducerConfig, ProducerRecord};
use peers_harness::{Cluster, Figures};

use super::compare::{REPLICAS, by_itself, print};
use super::produce::producer;
use super::rivals::{self, go_program};
use crate::records::Records;
use crate::task::Task;

/// A row. The first candidate is what the others are held against.
struct Row {
    name: &'static str,
    kind: &'static str,
    candidates: &'static [&'static str],
    partitions: usize,
    records: usize,
    /// Bytes of a batch that is there to be read; none if there is nothing yet.
    batch_bytes: Option<usize>,
    replicas: i16,
}

const READERS: &[&str] = &[
    "raw loop",
    "libkafka",
    "libkafka, classic group",
    "libkafka, KIP-848",
    "franz-go",
    "franz-go, group",
    "rdkafka",
    "rdkafka, group",
    "krafka",
    "krafka, group",
    "java",
    "java, group",
];

const ROWS: &[Row] = &[
    Row {
        name: "consume-12",
        kind: "consume",
        candidates: READERS,
        partitions: 12,
        records: 3_000_000,
        batch_bytes: Some(64 << 10),
        replicas: REPLICAS,
    },
    Row {
        name: "consume-1000",
        kind: "consume",
        candidates: READERS,
        partitions: 1000,
        records: 1_000_000,
        batch_bytes: Some(16 << 10),
        replicas: REPLICAS,
    },
    Row {
        name: "consume-idle-1000",
        kind: "consume-idle",
        candidates: &["libkafka", "franz-go"],
        partitions: 1000,
        records: 20,
        batch_bytes: None,
        replicas: REPLICAS,
    },
    Row {
        name: "consume-trickle",
        kind: "consume-trickle",
        candidates: &["libkafka", "franz-go"],
        partitions: 1000,
        records: 20_000,
        batch_bytes: None,
        replicas: REPLICAS,
    },
    Row {
        name: "consume-trickle-1",
        kind: "consume-trickle",
        candidates: &["libkafka", "franz-go"],
        partitions: 1000,
        records: 20_000,
        batch_bytes: None,
        replicas: 1,
    },
];

/// Turns of a trickle that are not measured.
const WARM_UP: usize = 3;

/// Measures the rows that are named, or all; with those of the other libraries that are among
/// `others`.
pub(super) fn compare(named: &[&String], others: &[&String], cluster: &mut Cluster, rounds: usize) {
    let rows = ROWS.iter();
    let rows = rows.filter(|row| named.is_empty() || named.iter().any(|name| *name == row.name));
    for row in rows {
        let candidates = row.candidates.iter().copied();
        let candidates = candidates.filter(|candidate| match rival(candidate) {
            Some(rival) => others.iter().any(|other| *other == rival),
            None => true,
        });
        measure(row, &candidates.collect::<Vec<_>>(), cluster, rounds);
    }
}

/// The other library, if the candidate is one.
fn rival(candidate: &str) -> Option<&str> {
    let library = candidate.split(',').next()?;
    rivals::CONSUMERS.contains(&library).then_some(library)
}

fn measure(row: &Row, candidates: &[&str], cluster: &mut Cluster, rounds: usize) {
    let topic = cluster.topic(row.partitions as i32, row.replicas);
    let task = Task {
        row: row.kind.to_owned(),
        bootstrap: cluster.bootstrap.clone(),
        topic: topic.clone(),
        partitions: row.partitions,
        records: row.records,
        ..Task::default()
    };
    if let Some(bytes) = row.batch_bytes {
        fill(&task, bytes);
    }
    if row.kind == "consume-trickle" {
        // Brokers that have just started take seconds for what takes them milliseconds later: for
        // the first two turns they leave two cores no time to be idle.
        for _ in 0..WARM_UP {
            one(&Task {
                candidate: candidates[0].to_owned(),
                ..task.clone()
            });
        }
    }
    let mut measured = vec![Vec::new(); candidates.len()];
    for _ in 0..rounds {
        for (figures, candidate) in measured.iter_mut().zip(candidates) {
            let candidate = (*candidate).to_owned();
            let of_brokers = cluster.cpu();
            let begun = Instant::now();
            figures.push(one(&Task {
                candidate,
                ..task.clone()
            }));
            if row.kind == "consume-trickle" {
                let spent = cluster.cpu().into_iter().zip(of_brokers);
                let spent = spent.map(|(after, before)| after - before);
                let cores = spent.map(|cpu| cpu.as_secs_f64() / begun.elapsed().as_secs_f64());
                let cores: Vec<_> = cores.map(|cores| format!("{cores:.2}")).collect();
                eprintln!("cores that the brokers took: {}", cores.join(", "));
            }
        }
    }
    print(row.name, row.records, candidates, &measured);
    cluster.delete(&topic);
}

fn one(task: &Task) -> Figures {
    match rival(&task.candidate) {
        Some("franz-go") => {
            by_itself(Command::new(go_program("consume-go")).args(task.arguments()))
        }
        Some("java") => rivals::java(task, "Consume"),
        _ => by_itself(&mut task.command()),
    }
}

/// Full batches of that size in all partitions.
fn fill(task: &Task, batch_bytes: usize) {
    const WAIT: Duration = Duration::from_secs(120);
    let config = ProducerConfig::new()
        .batch_bytes(batch_bytes)
        .linger(Duration::from_secs(30));
    let producer = producer(task, config);
    let records = Records::new();
    for n in 0..task.records {
        let record = ProducerRecord::new(&task.topic, records.key(n), records.value(n));
        producer.send(&record, WAIT).expect("it is taken");
    }
    producer.flush(WAIT).expect("the brokers are there");
    // A reader waits for all of them.
    assert_eq!(producer.counts().records_stored, task.records as u64);
}
