//! Leaders killed under load: the longest time in which nothing of a partition was stored.

use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{Client, ProducerConfig, ProducerRecord, Stop};
use libkafka_testkafka::Session;
use peers_harness::{Cluster, Figures, Meter};

use super::compare::REPLICAS;
use super::produce::producer;
use super::rivals;
use crate::records::Records;
use crate::task::Task;

const WAIT: Duration = Duration::from_secs(120);
/// Shorter gaps are not told.
const LONG_GAP: Duration = Duration::from_millis(500);
const PARTITIONS: usize = 12;
/// Records a second, in turn to each partition.
const RATE: usize = 1200;
const KILLS: i32 = 10;
/// How long to wait for what comes of a kill: much longer than Kafka takes to find other leaders.
const AFTER: Duration = Duration::from_secs(20);
const CANDIDATES: [&str; 2] = ["libkafka", "franz-go"];

/// Sends so many records a second until standard input ends, and prints the gaps.
pub(super) fn run(task: &Task) -> Figures {
    let records = Records::new();
    let producer = producer(task, ProducerConfig::new());
    let (stop, over, sent) = (
        Stop::new().expect("sockets"),
        AtomicBool::new(false),
        AtomicBool::new(false),
    );
    let meter = Meter::start();
    let tell = || {
        let mut last = vec![None; task.partitions];
        let (mut stored, mut failed) = (0, 0);
        loop {
            let is_last = sent.load(Ordering::Acquire);
            let Some(delivery) = producer.take_delivery(Duration::from_millis(50)) else {
                if is_last {
                    println!("done {stored} {failed}");
                    return;
                }
                continue;
            };
            if delivery.outcome.is_err() {
                failed += delivery.records;
                continue;
            }
            stored += delivery.records;
            let partition = delivery.partition.partition;
            let before = last[partition as usize].replace(delivery.finished);
            let gap = before.map_or(Duration::ZERO, |before| delivery.finished - before);
            if gap > LONG_GAP {
                println!("gap {partition} {}", gap.as_millis());
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        scope.spawn(|| {
            let _ = io::stdin().read_line(&mut String::new());
            over.store(true, Ordering::Release);
        });
        scope.spawn(tell);
        let pause = Duration::from_secs(1) / task.records as u32;
        let begun = Instant::now();
        let mut n = 0;
        while !over.load(Ordering::Acquire) {
            let at = begun + pause * n as u32;
            thread::sleep(at.saturating_duration_since(Instant::now()));
            let record = ProducerRecord::new(&task.topic, records.key(n), records.value(n));
            let partition = (n % task.partitions) as i32;
            let sent = producer.send(&record.partition(partition), WAIT);
            sent.expect("it is taken");
            n += 1;
        }
        producer.flush(WAIT).expect("the brokers are there");
        sent.store(true, Ordering::Release);
        stop.stop();
    });
    meter.stop()
}

struct Candidate {
    name: &'static str,
    topic: String,
    session: Session,
    /// Of the kill at hand: partitions, and milliseconds.
    gaps: Vec<(i32, u64)>,
    last_line: String,
    /// Of each kill: of the partitions that the broker led, and of the others.
    longest: Vec<[u64; 2]>,
}

impl Candidate {
    fn start(name: &'static str, cluster: &mut Cluster) -> Self {
        let topic = cluster.topic(PARTITIONS as i32, REPLICAS);
        let task = Task {
            row: "killed".to_owned(),
            candidate: name.to_owned(),
            bootstrap: cluster.bootstrap.clone(),
            topic: topic.clone(),
            partitions: PARTITIONS,
            records: RATE,
            threads: 1,
            ..Task::default()
        };
        Self {
            name,
            topic,
            session: rivals::spawn(&task),
            gaps: Vec::new(),
            last_line: String::new(),
            longest: Vec::new(),
        }
    }

    /// Takes what it has printed since, until it has nothing more to say by the deadline.
    fn listen(&mut self, deadline: Instant) {
        while let Ok(Some(line)) = self.session.line(deadline) {
            let line = String::from_utf8_lossy(&line).into_owned();
            let mut words = line.split(' ');
            if words.next() == Some("gap") {
                let partition = words.next().and_then(|word| word.parse().ok());
                let gap = words.next().and_then(|word| word.parse().ok());
                self.gaps.extend(partition.zip(gap));
            }
            if line.starts_with("done") {
                self.last_line = line;
                return;
            }
        }
    }
}

/// Kills brokers in turn, under all candidates at the same time.
pub(super) fn compare(cluster: &mut Cluster) -> ExitCode {
    let start = |name| Candidate::start(name, cluster);
    let mut candidates = CANDIDATES.map(start);
    thread::sleep(Duration::from_secs(10));
    println!("| kill | broker | {} |", CANDIDATES.join(" | "));
    for kill in 0..KILLS {
        let broker = kill % 3 + 1;
        let led: Vec<Vec<i32>> = candidates
            .iter()
            .map(|candidate| led(&mut cluster.client, &candidate.topic, broker))
            .collect();
        for candidate in &mut candidates {
            candidate.listen(Instant::now());
            candidate.gaps.clear();
        }
        let kafka = cluster.real().expect("only real brokers are killed");
        kafka.kill(broker);
        thread::sleep(AFTER);
        let mut cells = String::new();
        for (candidate, led) in candidates.iter_mut().zip(&led) {
            candidate.listen(Instant::now());
            let longest = |is_led: bool| {
                let gaps = candidate.gaps.iter();
                let gaps = gaps.filter(|(partition, _)| led.contains(partition) == is_led);
                gaps.map(|(_, gap)| *gap).max().unwrap_or(0)
            };
            let longest = [longest(true), longest(false)];
            cells += &format!(" {}, {} |", longest[0], longest[1]);
            candidate.longest.push(longest);
        }
        println!("| {} | {broker} |{cells}", kill + 1);
        let kafka = cluster.real().expect("they are real");
        kafka.restart(broker).expect("it comes back");
        let deadline = Instant::now() + WAIT;
        let topics: Vec<_> = candidates.iter().map(|of| of.topic.clone()).collect();
        while !topics
            .iter()
            .all(|topic| is_balanced(&mut cluster.client, topic))
        {
            assert!(Instant::now() < deadline, "leaders do not come back");
            thread::sleep(Duration::from_millis(200));
        }
        thread::sleep(Duration::from_secs(3));
    }
    println!("longest gap of a partition that the broker led, and of the others, ms:");
    for mut candidate in candidates {
        candidate.session.close();
        candidate.listen(Instant::now() + WAIT);
        let mut all: [Vec<u64>; 2] = [0, 1].map(|i| {
            let longest = candidate.longest.iter();
            longest.map(|longest| longest[i]).collect()
        });
        all.iter_mut().for_each(|all| all.sort_unstable());
        let [led, others] = all.map(|all| (all[all.len() / 2], all[all.len() - 1]));
        println!(
            "{}: median {}, {}; longest {}, {}; {}",
            candidate.name, led.0, others.0, led.1, others.1, candidate.last_line
        );
    }
    ExitCode::SUCCESS
}

/// The partitions that a broker leads.
pub(super) fn led(client: &mut Client, topic: &str, broker: i32) -> Vec<i32> {
    let topology = client.topology([topic]).expect("a topology");
    let partitions = &topology.topic(topic).expect("the topic").partitions;
    let led = partitions
        .iter()
        .filter(|(_, of)| of.leader_id == Some(broker));
    led.map(|(partition, _)| *partition).collect()
}

/// Whether each partition is led by the first of its replicas, and all are in sync.
fn is_balanced(client: &mut Client, topic: &str) -> bool {
    let Ok(topology) = client.topology([topic]) else {
        return false;
    };
    topology.topic(topic).is_some_and(|topic| {
        topic.partitions.values().all(|of| {
            of.leader_id == of.replicas.first().copied()
                && of.in_sync_replicas.len() == of.replicas.len()
        })
    })
}
