//! Kafka's console producer and consumer.

use libkafka_testkafka::{Tool, require};

use crate::cluster::Cluster;
use libkafka_testbroker::Broker;

#[test]
fn kafka_s_console_producer_writes_and_its_console_consumer_reads_it_back() {
    require!();
    let broker = Broker::start().unwrap();
    let cluster = Cluster::Embedded(broker);
    let bootstrap = cluster.bootstrap();
    let printed = Tool::console_producer(&bootstrap, "console")
        .args(["--reader-property", "parse.key=true"])
        .args(["--reader-property", "parse.headers=true"])
        .args(["--reader-property", "null.marker=NULL"])
        .stdin("h:x\tkey\tvalue\nNULL\tkey\tNULL\n")
        .run()
        .unwrap();
    let alarms = |stderr: &str| stderr.lines().filter(|line| line.contains("ERROR")).count();
    assert_eq!(alarms(&printed.stderr), 0, "{}", printed.stderr);
    let read = Tool::console_consumer(&bootstrap, "console")
        .args([
            "--partition",
            "0",
            "--offset",
            "earliest",
            "--max-messages",
            "2",
        ])
        .args(["--formatter-property", "print.key=true"])
        .args(["--formatter-property", "print.headers=true"])
        .run()
        .unwrap();
    assert_eq!(read.lines(), ["h:x\tkey\tvalue", "NO_HEADERS\tkey\tnull"]);
    assert_eq!(alarms(&read.stderr), 0, "{}", read.stderr);
}
