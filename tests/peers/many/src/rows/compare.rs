//! `compare`: every candidate of every row, in turns, and the table.

use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use peers_harness::{Cluster, Figures, median, rounds};

use super::{consume_rows, killed, rivals, stopped};
use crate::task::Task;

/// A row of the table. The first candidate is what the others are held against.
struct Row {
    name: &'static str,
    kind: &'static str,
    candidates: &'static [&'static str],
    partitions: usize,
    records: usize,
    threads: usize,
    lz4: bool,
}

const LOOP: &[&str] = &["raw loop", "libkafka"];
const HAND: &[&str] = &["hand loop", "libkafka"];
const SHARED: &[&str] = &["hand loop", "shared by hand", "libkafka"];

const ROWS: &[Row] = &[
    Row {
        name: "produce-12",
        kind: "produce",
        candidates: LOOP,
        partitions: 12,
        records: 3_000_000,
        threads: 1,
        lz4: false,
    },
    Row {
        name: "produce-12-lz4",
        kind: "produce",
        candidates: LOOP,
        partitions: 12,
        records: 3_000_000,
        threads: 1,
        lz4: true,
    },
    Row {
        name: "produce-1000",
        kind: "produce",
        candidates: LOOP,
        partitions: 1000,
        records: 1_000_000,
        threads: 1,
        lz4: false,
    },
    Row {
        name: "accumulate-12",
        kind: "accumulate",
        candidates: HAND,
        partitions: 12,
        records: 4_000_000,
        threads: 1,
        lz4: false,
    },
    Row {
        name: "accumulate-12-by-4",
        kind: "accumulate",
        candidates: SHARED,
        partitions: 12,
        records: 4_000_000,
        threads: 4,
        lz4: false,
    },
    Row {
        name: "accumulate-1000",
        kind: "accumulate",
        candidates: HAND,
        partitions: 1000,
        records: 4_000_000,
        threads: 1,
        lz4: false,
    },
    Row {
        name: "idle-1000",
        kind: "idle",
        candidates: &["libkafka"],
        partitions: 1000,
        records: 10,
        threads: 1,
        lz4: false,
    },
    Row {
        name: "trickle",
        kind: "trickle",
        candidates: &["libkafka"],
        partitions: 1000,
        records: 10_000,
        threads: 1,
        lz4: false,
    },
];

/// How long brokers take that are `slow`: the memory is full of batches then.
const SLOW: Duration = Duration::from_millis(150);

/// How many seconds a producer sends for at most. The figures of one that has not sent all records
/// by then are those of what it has sent.
const SENDING: u64 = 15;

/// All topics are on all three brokers.
pub(super) const REPLICAS: i16 = 3;

/// Measures the rows that are named, or all.
pub(crate) fn compare(arguments: &[String]) -> ExitCode {
    let is_given = |name: &str| arguments.iter().any(|argument| argument == name);
    let (real, slow) = (is_given("kafka"), is_given("slow"));
    let (others, named): (Vec<_>, Vec<_>) = arguments
        .iter()
        .filter(|argument| !["kafka", "slow"].contains(&argument.as_str()))
        .partition(|argument| {
            let rivals = [rivals::PRODUCERS, rivals::CONSUMERS].concat();
            rivals.contains(&argument.as_str())
        });
    let rounds = rounds(3);
    let mut cluster = match real {
        // A broker that comes back is to lead again what it led.
        true => Cluster::kafka(
            3,
            512,
            &[
                ("leader.imbalance.check.interval.seconds", "5"),
                ("leader.imbalance.per.broker.percentage", "0"),
            ],
        ),
        false if slow => Cluster::slow(3, SLOW),
        false => Cluster::embedded(3),
    };
    // It kills brokers, so no other row is measured beside it.
    if named.iter().any(|name| *name == "killed") {
        return killed::compare(&mut cluster);
    }
    if named.iter().any(|name| *name == "stopped") {
        return stopped::compare(&mut cluster, &others, rounds);
    }
    println!(
        "| | candidate | CPU ns a record | × first | second half | × first | records/s | peak RSS MB | records a batch | p50, p99 ms |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in ROWS {
        if named.is_empty() || named.iter().any(|name| *name == row.name) {
            measure(row, &others, &mut cluster, rounds);
        }
    }
    consume_rows::compare(&named, &others, &mut cluster, rounds);
    ExitCode::SUCCESS
}

fn measure(row: &Row, others: &[&String], cluster: &mut Cluster, rounds: usize) {
    let mut candidates = row.candidates.to_vec();
    if row.kind == "produce" {
        let others = others.iter().map(|other| other.as_str());
        candidates.extend(others.filter(|other| rivals::PRODUCERS.contains(other)));
    }
    let mut measured = vec![Vec::new(); candidates.len()];
    for round in 1..=rounds {
        for (i, candidate) in candidates.iter().enumerate() {
            let topic = cluster.topic(row.partitions as i32, REPLICAS);
            let task = Task {
                row: row.kind.to_owned(),
                candidate: (*candidate).to_owned(),
                bootstrap: cluster.bootstrap.clone(),
                topic: topic.clone(),
                partitions: row.partitions,
                records: row.records,
                threads: row.threads,
                lz4: row.lz4,
                seconds: SENDING,
            };
            measured[i].push(rivals::run(&task));
            cluster.delete(&topic);
            if round == rounds {
                print_line(row.name, row.records, candidate, &measured[i], &measured[0]);
            }
        }
    }
}

/// Prints the lines of a row. The first candidate is what the others are held against.
pub(super) fn print(name: &str, records: usize, candidates: &[&str], measured: &[Vec<Figures>]) {
    for (rounds, candidate) in measured.iter().zip(candidates) {
        print_line(name, records, candidate, rounds, &measured[0]);
    }
}

/// Prints the line of a candidate: medians of the rounds, but the best speed and the highest peak,
/// held against the rounds of the first one.
fn print_line(name: &str, records: usize, candidate: &str, rounds: &[Figures], first: &[Figures]) {
    let median = |rounds: &[Figures], of: &dyn Fn(&Figures) -> f64| median(rounds.iter().map(of));
    let done = |of: &Figures| match of.records > 0.0 {
        true => of.records,
        false => records as f64,
    };
    let whole = |rounds: &[Figures]| median(rounds, &|of| of.cpu_seconds / done(of) * 1e9);
    let steady =
        |rounds: &[Figures]| median(rounds, &|of| of.steady_cpu_seconds / (done(of) / 2.0) * 1e9);
    let speeds = rounds.iter().map(|of| done(of) / of.seconds);
    let peak = rounds.iter().map(|of| of.peak_megabytes);
    let p50 = median(rounds, &|of| of.p50);
    let times = match p50 > 0.0 {
        true => format!("{p50:.1}, {:.1}", median(rounds, &|of| of.p99)),
        false => String::new(),
    };
    let steadily = match steady(rounds) > 0.0 {
        true => {
            let times = steady(rounds) / steady(first);
            format!("{:.0} | {times:.2}", steady(rounds))
        }
        false => " | ".to_owned(),
    };
    let batches = match median(rounds, &|of| of.batch_records) {
        0.0 => String::new(),
        median => format!("{median:.1}"),
    };
    let cut_off = match median(rounds, &done) {
        done if done < records as f64 => format!(", cut off after {done:.0} records"),
        _ => String::new(),
    };
    println!(
        "| {name} | {candidate}{cut_off} | {:.0} | {:.2} | {steadily} | {:.0} | {:.1} | {batches} | {times} |",
        whole(rounds),
        whole(rounds) / whole(first),
        speeds.fold(0.0, f64::max),
        peak.fold(0.0, f64::max),
    );
}

/// Has a process of its own do it, so that what it costs is told apart.
pub(super) fn by_itself(program: &mut Command) -> Figures {
    // What it says besides its figures is for the reader.
    let output = program.stderr(Stdio::inherit()).output();
    let output = output.expect("it starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    Figures::parse(&printed).unwrap_or_else(|| panic!("failed {program:?}"))
}
