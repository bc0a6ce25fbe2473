//! The parts of the benchmark: each prints rows of the table in the README.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libkafka_client::{Acks, ProduceLaneOptions};
use peers_harness::{Cluster, rounds};

use crate::AS;
use crate::fetcher::{BUDGET, MAX_WAIT};
use crate::load::{Loader, batch, fill, now_us};

/// Prints the rows of a part.
type Run = fn(&mut Cluster);

const PARTS: [(&str, Run); 7] = [
    ("idle", idle),
    ("memory", memory),
    ("start", start),
    ("sweep", sweep),
    ("quiet", quiet),
    ("produce", produce),
    ("single", single),
];

pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let (real, names) = match arguments.split_first() {
        Some((first, rest)) if first == "kafka" => (true, rest),
        _ => (false, arguments),
    };
    let unknown = names
        .iter()
        .find(|name| !PARTS.iter().any(|(part, _)| part == name));
    if let Some(name) = unknown {
        eprintln!("there is no part {name}");
        return ExitCode::from(2);
    }
    let mut cluster = match real {
        true => Cluster::kafka(3, 768, &[]),
        false => Cluster::embedded(3),
    };
    println!("| what | measured | goal |\n| --- | --- | --- |");
    for (name, part) in PARTS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            part(&mut cluster);
        }
    }
    ExitCode::SUCCESS
}

/// How often each candidate has its turn, unless `ROUNDS` says something else.
const ROUNDS: usize = 5;

type Figures = BTreeMap<String, f64>;

/// Lets a process do a task; `meanwhile` runs once it says that it is ready.
fn measure(
    cluster: &mut Cluster,
    task: &str,
    topic: &str,
    numbers: &[usize],
    meanwhile: impl FnOnce(&mut Cluster, &mut dyn FnMut() -> bool),
) -> Figures {
    let mut child = Command::new(std::env::current_exe().expect("a path"))
        .args([AS, task, &cluster.bootstrap, topic])
        .args(numbers.iter().map(usize::to_string))
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let mut last = lines.next().unwrap_or_default();
    if last == "ready" {
        meanwhile(cluster, &mut || {
            child.try_wait().is_ok_and(|status| status.is_none())
        });
        last = lines.next().unwrap_or_default();
    }
    assert!(child.wait().expect("it ends").success(), "{task} failed");
    let figure = |word: &str| {
        let (name, number) = word.split_once('=')?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    last.split_whitespace().filter_map(figure).collect()
}

fn simply(cluster: &mut Cluster, task: &str, topic: &str, numbers: &[usize]) -> Figures {
    measure(cluster, task, topic, numbers, |_, _| {})
}

fn row(what: &str, measured: &str, goal: &str) {
    println!("| {what} | {measured} | {goal} |");
}

fn idle(cluster: &mut Cluster) {
    let mut one = 0.0;
    for partitions in [1, 10, 100, 1000] {
        let topic = cluster.topic(partitions, 1);
        let figures = simply(cluster, "idle", &topic, &[20]);
        let rss = figures["rss_kib"];
        if partitions == 1 {
            one = rss;
        }
        row(
            &format!(
                "{partitions} idle partitions, max_wait {} ms",
                MAX_WAIT.as_millis()
            ),
            &format!(
                "{} sockets, {:.1} requests/s, {:.3} % of a core, {:.1} MB",
                figures["sockets"],
                figures["requests_s"],
                figures["cpu_percent"],
                rss / 1024.0,
            ),
            "3 sockets, 6 requests/s, below 0.1 %",
        );
        if partitions == 1000 {
            let each = (rss - one) / 999.0;
            row(
                "RSS of an idle partition",
                &format!("{each:.2} KiB"),
                "2 KiB",
            );
        }
        cluster.delete(&topic);
    }
}

fn memory(cluster: &mut Cluster) {
    let topic = cluster.topic(1000, 1);
    let (records, batches) = (64, 2);
    fill(
        &mut cluster.client,
        &topic,
        1000,
        batches,
        &batch(records, 1024),
    );
    let figures = simply(cluster, "memory", &topic, &[1000 * records * batches]);
    row(
        "1,000 partitions that have all been busy, budget 32 MiB",
        &format!(
            "peak {:.1} MiB, then {:.1} MiB",
            figures["peak_kib"] / 1024.0,
            figures["rss_kib"] / 1024.0,
        ),
        &format!("at most {} MiB", (BUDGET >> 20) + 10),
    );
    cluster.delete(&topic);
}

fn start(cluster: &mut Cluster) {
    let topic = cluster.topic(1000, 1);
    let figures = (0..rounds(ROUNDS)).map(|_| simply(cluster, "start", &topic, &[]));
    let figures = figures
        .min_by(|a, b| a["cpu_ms"].total_cmp(&b["cpu_ms"]))
        .expect("a round");
    row(
        "start: from nothing to the first fetch on all 1,000",
        &format!(
            "{} Metadata request, {:.1} ms of CPU, {:.0} ms",
            figures["metadata"], figures["cpu_ms"], figures["ms"],
        ),
        "1, below 50 ms of CPU",
    );
    cluster.delete(&topic);
}

fn sweep(cluster: &mut Cluster) {
    let topic = cluster.topic(1000, 1);
    fill(&mut cluster.client, &topic, 1000, 1, &batch(1, 100));
    let figures = simply(cluster, "sweep", &topic, &[1000]);
    row(
        "fetch 1,000 partitions that hold one record each",
        &format!("{} requests, {:.0} ms", figures["fetches"], figures["ms"]),
        "one round trip a broker: 3",
    );
    cluster.delete(&topic);
}

fn quiet(cluster: &mut Cluster) {
    let partitions = 1000;
    let topic = cluster.topic(partitions, 1);
    // Enough that partition 0 is never read to its end.
    let busy = batch(64, 1024);
    let options = ProduceLaneOptions::new().acks(Acks::Leader);
    let mut loader = Loader::new(&mut cluster.client, &topic, options);
    for _ in 0..4000 {
        loader.push(0, busy.clone());
    }
    loader.finish();
    let figures = measure(cluster, "quiet", &topic, &[400], |_, is_running| {
        let mut next = Instant::now();
        let mut partition = 1;
        while is_running() {
            for _ in 0..4 {
                loader.push(0, busy.clone());
            }
            partition = 1 + (partition + 6) % (partitions - 1);
            loader.push(partition, stamp());
            loader.finish();
            next += Duration::from_millis(20);
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
    });
    row(
        "one busy partition of 1,000: delay of a record in a quiet one",
        &format!(
            "p50 {:.1} ms, p99 {:.1} ms ({:.0} MB of the busy one meanwhile)",
            figures["p50_ms"], figures["p99_ms"], figures["busy_mb"],
        ),
        "p99 below 1,000 ms",
    );
    cluster.delete(&topic);
}

/// A batch with the time in it.
fn stamp() -> bytes::Bytes {
    let mut builder = libkafka_client::batch::Builder::new();
    let now = now_us().to_be_bytes();
    builder.add((), &now[..]).expect("it fits");
    builder.build_bytes().expect("a batch")
}

/// The least of several rounds, taken in turns.
fn least<const N: usize>(
    cluster: &mut Cluster,
    tasks: [(&str, &str, &[usize]); N],
    figure: &str,
) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds(ROUNDS) {
        for (least, (task, topic, numbers)) in least.iter_mut().zip(tasks) {
            *least = least.min(simply(cluster, task, topic, numbers)[figure]);
        }
    }
    least
}

fn produce(cluster: &mut Cluster) {
    let topic = cluster.topic(150, 1);
    let tasks: [(&str, &str, &[usize]); 2] = [
        ("produce", &topic, &[30_000, 150]),
        ("produce", &topic, &[30_000, 3]),
    ];
    let [together, alone] = least(cluster, tasks, "ns_batch");
    row(
        "produce, 50 partitions a request beside one each, client CPU a batch",
        &format!(
            "{:.2} µs against {:.1}: {:.1} times less",
            together / 1e3,
            alone / 1e3,
            alone / together,
        ),
        "10 times less",
    );
    cluster.delete(&topic);
}

fn single(cluster: &mut Cluster) {
    let topic = cluster.topic(1, 1);
    let tasks: [(&str, &str, &[usize]); 2] = [
        ("produce-lane", &topic, &[3000]),
        ("produce-single", &topic, &[3000]),
    ];
    let [lane, single] = least(cluster, tasks, "ns_batch");
    let percent = (lane / single - 1.0) * 100.0;
    row(
        "one partition on a produce lane beside `PartitionProducer`, client CPU a batch of 64 KB",
        &format!(
            "{:.1} µs against {:.1}: {percent:+.1} %",
            lane / 1e3,
            single / 1e3
        ),
        "within 3 %",
    );
    cluster.delete(&topic);
    let topic = cluster.topic(1, 1);
    let (records, batches) = (600, 3000);
    fill(
        &mut cluster.client,
        &topic,
        1,
        batches,
        &batch(records, 100),
    );
    let all = records * batches;
    let tasks: [(&str, &str, &[usize]); 2] = [
        ("fetch-lane", &topic, &[all]),
        ("fetch-single", &topic, &[all]),
    ];
    let [lane, single] = least(cluster, tasks, "ns_record");
    let percent = (lane / single - 1.0) * 100.0;
    row(
        "one partition on a fetch lane beside `PartitionFetcher`, client CPU a record of 100 B",
        &format!("{lane:.1} ns against {single:.1}: {percent:+.1} %"),
        "within 3 %",
    );
    cluster.delete(&topic);
}
