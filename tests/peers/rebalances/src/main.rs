//! Rebalances: how long a group takes to settle after a member joins, leaves or is killed, on real
//! Kafka, beside Java's and librdkafka's members.
//!
//! `cargo run --release -p peers-rebalances`; after `--`, numbers of members (default: 2 5 10 25
//! 50). `ROUNDS=n`: how often a member comes and goes in each group (default: 4), `PARTITIONS=n`:
//! of that number of partitions alone (default: 60 and 900).

mod cell;
mod crew;
mod members;
mod protocol;
mod watch;

use std::time::Duration;

use libkafka_client::{Client, Config, NewTopic, OffsetSpec};
use libkafka_testkafka::Kafka;

use crate::cell::{Cell, Times};
use crate::crew::{Library, Order};
use crate::protocol::{HEARTBEAT, Protocol, SESSION};

/// The first argument of a process of members.
const MEMBERS: &str = "members";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, rest)) if first == MEMBERS => members::run(rest),
        _ => measure_all(&arguments),
    }
}

fn measure_all(arguments: &[String]) {
    let members: Vec<usize> = match arguments {
        [] => vec![2, 5, 10, 25, 50],
        numbers => numbers
            .iter()
            .map(|n| n.parse().expect("a number of members"))
            .collect(),
    };
    let set = |name| {
        std::env::var(name)
            .ok()
            .map(|value| value.parse().expect("a number"))
    };
    let rounds: usize = set("ROUNDS").map_or(4, |n: i32| n as usize);
    let partitions = set("PARTITIONS").map_or(vec![60, 900], |n| vec![n]);
    let kafka = start();
    let bootstrap = kafka.bootstrap();
    for count in &partitions {
        create(&bootstrap, &format!("topic-{count}"), *count);
    }
    println!("| protocol | members | partitions | | join ms | leave ms | kill ms | pause ms |");
    println!("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |");
    for members in members {
        for partitions in &partitions {
            for protocol in Protocol::ALL {
                for library in Library::ALL {
                    let topic = format!("topic-{partitions}");
                    let name = protocol.name();
                    let order = Order {
                        library,
                        bootstrap: &bootstrap,
                        group: &format!("{library}-{name}-{members}-{partitions}"),
                        topic: &topic,
                        protocol,
                    };
                    let cell = Cell {
                        order,
                        members,
                        partitions: *partitions,
                    };
                    let times = cell.measure(rounds);
                    print!("| {name} | {members} | {partitions} | {library} ");
                    show(&times);
                }
            }
        }
    }
}

fn show(times: &Times) {
    let Times {
        join,
        leave,
        kill,
        pause,
    } = times;
    println!(
        "| {} | {} | {} | {} |",
        span(join),
        span(leave),
        span(kill),
        longest(pause).as_millis(),
    );
}

/// The median, and the longest.
fn span(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    match times.get(times.len() / 2) {
        None => String::new(),
        Some(median) if times.len() == 1 => median.as_millis().to_string(),
        Some(median) => format!("{} ({})", median.as_millis(), longest(&times).as_millis()),
    }
}

fn longest(times: &[Duration]) -> Duration {
    times.iter().max().copied().unwrap_or_default()
}

fn start() -> Kafka {
    let (session, heartbeat) = (SESSION.as_millis(), HEARTBEAT.as_millis());
    let kafka = Kafka::builder()
        .jvm("-XX:TieredStopAtLevel=4")
        .jvm("-Xmx768m")
        .property("group.initial.rebalance.delay.ms", "0")
        .property("group.consumer.min.session.timeout.ms", "1000")
        .property("group.consumer.session.timeout.ms", session.to_string())
        .property("group.consumer.min.heartbeat.interval.ms", "100")
        .property(
            "group.consumer.heartbeat.interval.ms",
            heartbeat.to_string(),
        );
    kafka.start().expect("Kafka starts")
}

/// A topic, once all its leaders serve it.
fn create(bootstrap: &str, name: &str, partitions: i32) {
    let mut client = Client::new(Config::new(bootstrap)).expect("a client");
    let topic = NewTopic::new(name)
        .partitions(partitions)
        .replication_factor(1);
    client.create_topic(topic).expect("a new topic");
    let deadline = std::time::Instant::now() + crew::PATIENCE;
    let mut offsets = client.offsets("nobody");
    let mut is_served = || {
        let ends = offsets.reset(name, OffsetSpec::Latest);
        ends.is_ok_and(|ends| ends.into_result().is_ok())
    };
    while !is_served() {
        assert!(
            std::time::Instant::now() < deadline,
            "{name} gets no leaders"
        );
    }
}
