//! The examples, as programs.

use std::path::PathBuf;
use std::process::Command;

use libkafka_client::batch::Builder;
use libkafka_client::{Client, Config};
use libkafka_testbroker::Broker;

/// Where cargo puts an example; `None` if this run has not built it, as with `--test`.
fn example(name: &str) -> Option<PathBuf> {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().unwrap().parent().unwrap();
    let example = target.join("examples").join(name);
    let example = example.with_extension(std::env::consts::EXE_EXTENSION);
    if !example.exists() {
        eprintln!("skipped: {} is not built", example.display());
    }
    example.exists().then_some(example)
}

#[test]
fn tail_prints_the_records_of_all_partitions() {
    let Some(tail) = example("tail") else { return };
    let broker = Broker::builder().nodes(3).topic("t", 6).start().unwrap();
    let mut client = Client::new(Config::new(broker.bootstrap())).unwrap();
    for partition in 0..6 {
        broker.move_leader("t", partition, partition % 3 + 1);
        let mut builder = Builder::new();
        builder
            .add("key", &format!("value {partition}")[..])
            .unwrap();
        let mut producer = client.producer("t", partition).unwrap();
        producer.produce(builder.build_bytes().unwrap()).unwrap();
    }
    let output = Command::new(tail)
        .args(["--from-beginning", "--count", "6", &broker.bootstrap(), "t"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<_> = printed.lines().collect();
    lines.sort_unstable();
    let expected: Vec<_> = (0..6).map(|n| format!("t-{n} 0: value {n}")).collect();
    assert_eq!(lines, expected);
}
