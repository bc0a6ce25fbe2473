//! Kafka's clients for its own system tests, which say of each record what has become of it.

use std::collections::BTreeSet;

use libkafka_testkafka::Tool;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::on_each;
use crate::peace::run;

const RECORDS: usize = 2000;

/// What `class` says, a line each, without when.
fn verify(cluster: &Cluster, class: &str, args: &[&str]) -> Vec<Value> {
    let tool = Tool::new(format!("org.apache.kafka.tools.{class}"))
        .args(["--bootstrap-server", &cluster.bootstrap()])
        .args(args);
    let lines = run(tool).lines();
    let events = lines.iter().map(|line| serde_json::from_str(line).unwrap());
    events.collect()
}

fn named<'a>(events: &'a [Value], name: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["name"] == name)
}

/// Lets the producer write, and a consumer of that protocol read, commit and verify what it has
/// read.
fn write_and_read(cluster: &Cluster, protocol: &str) {
    let topic = &*format!("verified-{protocol}");
    cluster.topic(topic, 3);
    cluster.wait_for_producer_ids(None);
    let number = &*RECORDS.to_string();
    let args = ["--topic", topic, "--max-messages", number, "--acks=-1"];
    let written = verify(cluster, "VerifiableProducer", &args);
    let places = named(&written, "producer_send_success");
    let places: BTreeSet<_> = places
        .map(|sent| (sent["partition"].as_i64(), sent["offset"].as_i64()))
        .collect();
    assert_eq!(places.len(), RECORDS);
    let sums = named(&written, "tool_data").next().unwrap();
    assert_eq!(
        (&sums["sent"], &sums["acked"]),
        (&RECORDS.into(), &RECORDS.into())
    );

    let reader = [
        &[
            "--topic",
            topic,
            "--max-messages",
            number,
            "--group-id",
            topic,
        ][..],
        &[
            "--group-protocol",
            protocol,
            "--reset-policy",
            "earliest",
            "--verbose",
        ],
    ];
    let read = verify(cluster, "VerifiableConsumer", &reader.concat());
    let again = named(&read, "record_data");
    let again: BTreeSet<_> = again
        .map(|record| (record["partition"].as_i64(), record["offset"].as_i64()))
        .collect();
    assert_eq!(again, places);
    assert_eq!(named(&read, "record_data").count(), RECORDS);
    let commits: Vec<_> = named(&read, "offsets_committed").collect();
    assert!(!commits.is_empty());
    assert!(
        commits.iter().all(|commit| commit["success"] == true),
        "{commits:?}"
    );
    assert_eq!(named(&read, "shutdown_complete").count(), 1);
}

on_each! {
    fn each_record_is_written_read_and_committed_by_a_classic_group(cluster) needs kafka {
        write_and_read(cluster, "classic");
    }

    fn each_record_is_written_read_and_committed_by_a_group_of_kip_848(cluster) needs kafka {
        write_and_read(cluster, "consumer");
    }
}
