//! Transactions of Kafka's own producer, read by Kafka's consumer and by our fetcher.

use libkafka_client::{Client, Config, Isolation, Position};
use libkafka_testkafka::{Tool, require};

use crate::cluster::Cluster;
use crate::on_both;

/// What the program prints.
fn run(cluster: &Cluster, topic: &str) -> Vec<String> {
    cluster.topic(topic, 2, &[]);
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/java/Transactions.java");
    let printed = Tool::source(program)
        .args([&cluster.bootstrap(), topic])
        .run()
        .unwrap();
    printed.lines()
}

on_both! {
    fn kafka_s_transactional_producer_commits_aborts_and_is_fenced(cluster) {
        require!();
        let printed = run(cluster, "java-transactions");
        let expected = [
            "fenced",
            "read_uncommitted 0 0 committed",
            "read_uncommitted 0 2 aborted",
            "read_uncommitted 0 4 with offsets",
            "read_uncommitted 0 6 of the fenced",
            "read_uncommitted 0 8 committed too",
            "read_uncommitted 1 0 committed",
            "read_uncommitted 1 2 aborted",
            "read_uncommitted 1 4 committed too",
            "offset 42",
            "read_committed 0 0 committed",
            "read_committed 0 4 with offsets",
            "read_committed 0 8 committed too",
            "read_committed 1 0 committed",
            "read_committed 1 4 committed too",
            "offset 42",
        ];
        assert_eq!(printed, expected);

        // And so does our client, over the same transactions.
        let mut client = Client::new(Config::new(cluster.bootstrap())).unwrap();
        let fetcher = client.fetcher("java-transactions", 0).unwrap();
        let mut fetcher = fetcher.isolation(Isolation::ReadCommitted);
        let end = fetcher.seek_to(Position::Latest).unwrap();
        fetcher.seek(0);
        let mut seen = Vec::new();
        while fetcher.offset() < end {
            let fetched = fetcher.fetch().unwrap();
            let mut committed = fetched.read_committed();
            for batch in fetched.batches() {
                let batch = batch.unwrap();
                if committed.admits(&batch).unwrap() {
                    for record in &batch.records().unwrap() {
                        let value = record.unwrap().value.unwrap().to_vec();
                        seen.push(String::from_utf8(value).unwrap());
                    }
                }
                fetcher.seek(batch.next_offset());
            }
        }
        assert_eq!(seen, ["committed", "with offsets", "committed too"]);
    }
}
