//! One broker of three halted: the producer's memory, and what the others get.

use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{Error, ProducerConfig, ProducerRecord, Stop};
use peers_harness::{Cluster, Figures, Meter};

use super::killed::led;
use super::produce::producer;
use super::rivals;
use crate::records::Records;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(120);
const PARTITIONS: usize = 12;
/// Records a second, in turn to each partition: a fraction of what brokers and producer can do.
const RATE: usize = 120_000;
/// Seconds before the broker is halted, and while it is.
const BEFORE: usize = 12;
const DURING: usize = 25;
/// The broker that is halted.
const HALTED: i32 = 2;
/// Seconds that do not count after each change.
const SETTLING: usize = 3;

/// Sends so many records a second until standard input ends, and never waits for room. Prints each
/// second how many records of each partition were stored in it.
pub(super) fn run(task: &Task) -> Figures {
    let records = Records::new();
    let producer = producer(task, ProducerConfig::new());
    let (stop, over) = (Stop::new().expect("sockets"), AtomicBool::new(false));
    let stored: Vec<AtomicUsize> = (0..task.partitions).map(|_| AtomicUsize::new(0)).collect();
    // The topic is known from then on.
    let first = ProducerRecord::new(&task.topic, (), "x");
    producer.send(&first, WAIT).expect("it is taken");
    producer.flush(WAIT).expect("the brokers are there");
    let meter = Meter::start();
    thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        scope.spawn(|| {
            let _ = io::stdin().read_line(&mut String::new());
            over.store(true, Ordering::Release);
        });
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                let Some(delivery) = producer.take_delivery(Duration::from_millis(50)) else {
                    continue;
                };
                if delivery.outcome.is_ok() {
                    let stored = &stored[delivery.partition.partition as usize];
                    stored.fetch_add(delivery.records as usize, Ordering::Relaxed);
                }
            }
        });
        let begun = Instant::now();
        let (mut n, mut told) = (0, 1);
        while !over.load(Ordering::Acquire) {
            let due = (begun.elapsed().as_secs_f64() * task.records as f64) as usize;
            // What it is late with by more than a moment is left out: the lines must go on.
            let late = due.saturating_sub(n + task.records / 10);
            for n in n + late..due {
                let record = ProducerRecord::new(&task.topic, records.key(n), records.value(n));
                let partition = (n % task.partitions) as i32;
                match producer.send(&record.partition(partition), Duration::ZERO) {
                    Ok(_) | Err(Error::BufferFull { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            n = due;
            if begun.elapsed() >= Duration::from_secs(told) {
                told += 1;
                let counts = stored.iter().map(|count| count.swap(0, Ordering::Relaxed));
                let counts: Vec<_> = counts.map(|count| count.to_string()).collect();
                println!("{}", counts.join(" "));
            }
            thread::sleep(Duration::from_millis(1));
        }
        stop.stop();
    });
    let figures = meter.stop();
    producer.close(Duration::from_secs(1));
    figures
}

/// Halts a broker under each candidate in turn.
pub(super) fn compare(cluster: &mut Cluster, others: &[&String], rounds: usize) -> ExitCode {
    let others = others.iter().map(|other| other.as_str());
    let others = others.filter(|other| *other == "franz-go");
    let candidates: Vec<&str> = ["libkafka"].into_iter().chain(others).collect();
    println!("| round | candidate | records/s before | while one is halted | | peak RSS MB |");
    println!("| ---: | --- | ---: | ---: | ---: | ---: |");
    for round in 1..=rounds {
        for candidate in &candidates {
            let [before, during, peak] = measure(candidate, cluster);
            let percent = 100.0 * during / before;
            println!(
                "| {round} | {candidate} | {before:.0} | {during:.0} | {percent:.1} % | {peak:.1} |"
            );
        }
    }
    ExitCode::SUCCESS
}

/// Records a second of the partitions that other brokers lead, before and while one is halted, and
/// the most memory.
fn measure(candidate: &str, cluster: &mut Cluster) -> [f64; 3] {
    // On one broker each: what the halted one replicates would have to wait for it.
    let topic = cluster.topic(PARTITIONS as i32, 1);
    let task = Task {
        row: "stopped".to_owned(),
        candidate: candidate.to_owned(),
        bootstrap: cluster.bootstrap.clone(),
        topic: topic.clone(),
        partitions: PARTITIONS,
        records: RATE,
        threads: 1,
        ..Task::default()
    };
    let mut session = rivals::spawn(&task);
    let led = led(&mut cluster.client, &topic, HALTED);
    let mut second = || {
        let line = session.line(Instant::now() + WAIT).expect("a line");
        let line = String::from_utf8(line.expect("a line")).expect("numbers");
        let counts = line.split(' ').map(|count| count.parse::<usize>());
        let counts = (0..).zip(counts.map(|count| count.expect("a number")));
        let others = counts.filter(|(partition, _)| !led.contains(partition));
        others.map(|(_, count)| count).sum::<usize>()
    };
    let mean = |seconds: Vec<usize>| {
        let seconds = &seconds[SETTLING..];
        seconds.iter().sum::<usize>() as f64 / seconds.len() as f64
    };
    let before = mean((0..BEFORE).map(|_| second()).collect());
    let kafka = cluster.real().expect("only real brokers are halted");
    kafka.pause(HALTED);
    let during = mean((0..DURING).map(|_| second()).collect());
    kafka.resume(HALTED);
    session.close();
    let mut figures = None;
    while let Ok(Some(line)) = session.line(Instant::now() + WAIT) {
        figures = Figures::parse(&String::from_utf8_lossy(&line)).or(figures);
    }
    cluster.delete(&topic);
    let peak = figures.map_or(f64::NAN, |figures| figures.peak_megabytes);
    [before, during, peak]
}
