//! Kafka's own command line tools.

use libkafka_testbroker::Broker;
use libkafka_testkafka::{Tool, require};

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
const PRODUCER: &str = "org.apache.kafka.tools.ProducerPerformance";
const CONSUMER: &str = "org.apache.kafka.tools.ConsumerPerformance";

/// What a tool prints that has nothing to complain about.
fn run(broker: &Broker, class: &str, args: &[&str]) -> Vec<String> {
    let printed = Tool::new(class)
        .args(["--bootstrap-server", &broker.address(1).to_string()])
        .args(args)
        .run()
        .unwrap();
    let alarming = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    let alarms: Vec<_> = printed.stderr.lines().filter(alarming).collect();
    assert!(alarms.is_empty(), "{class} {args:?}: {alarms:#?}");
    printed.lines()
}

#[test]
fn topics_are_created_listed_described_and_deleted() {
    require!();
    let broker = Broker::start().unwrap();
    let new = ["--create", "--topic", "made", "--partitions", "2"];
    assert_eq!(run(&broker, TOPICS, &new), ["Created topic made."]);
    assert_eq!(run(&broker, TOPICS, &["--list"]), ["made"]);
    let described = run(&broker, TOPICS, &["--describe", "--topic", "made"]);
    assert_eq!(described.len(), 3, "{described:#?}");
    assert!(described[0].contains("PartitionCount: 2"), "{described:#?}");
    for (partition, line) in described[1..].iter().enumerate() {
        let partition = format!("Partition: {partition}\tLeader: 1\tReplicas: 1\tIsr: 1");
        assert!(line.contains(&partition), "{described:#?}");
    }
    run(&broker, TOPICS, &["--delete", "--topic", "made"]);
    let left = run(&broker, TOPICS, &["--list"]);
    assert!(!left.contains(&"made".to_owned()), "{left:#?}");
}

#[test]
fn the_performance_tools_write_and_read_each_record_and_the_group_has_no_lag() {
    require!();
    let broker = Broker::builder().topic("measured", 2).start().unwrap();
    let written = run(
        &broker,
        PRODUCER,
        &[
            "--topic=measured",
            "--num-records=1000",
            "--record-size=100",
            "--throughput=-1",
        ],
    );
    let last = written.last().unwrap();
    assert!(last.starts_with("1000 records sent"), "{written:#?}");
    let read = run(
        &broker,
        CONSUMER,
        &[
            "--topic=measured",
            "--num-records=1000",
            "--group=readers",
            "--hide-header",
        ],
    );
    // Start, end, MB, MB/s, records, ...
    let last: Vec<_> = read.last().unwrap().split(", ").collect();
    assert_eq!(last[4], "1000", "{read:#?}");

    assert_eq!(run(&broker, GROUPS, &["--list"]), ["readers"]);
    let described = run(&broker, GROUPS, &["--describe", "--group=readers"]);
    // Group, topic, partition, committed offset, end of the log, lag, ...
    let rows = described.iter().map(|line| line.split_whitespace());
    let rows: Vec<Vec<_>> = rows.map(Iterator::collect).collect();
    let measured: Vec<_> = rows
        .iter()
        .filter(|row| row.get(1) == Some(&"measured"))
        .collect();
    assert_eq!(measured.len(), 2, "{described:#?}");
    let mut committed = 0;
    for row in measured {
        assert_eq!((row[3], row[5]), (row[4], "0"), "{described:#?}");
        committed += row[3].parse::<i64>().unwrap();
    }
    assert_eq!(committed, 1000);
}
