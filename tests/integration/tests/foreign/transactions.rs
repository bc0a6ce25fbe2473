//! Transactions of foreign producers, read by consumers of their kind and by our fetcher.

use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{FetchOptions, Isolation, OffsetSpec};
use libkafka_integration::committed_values;
use libkafka_testkafka::Tool;

use crate::cluster::Cluster;
use crate::{on_each, programs};

/// What the program prints, whichever it is.
const EXPECTED: [&str; 16] = [
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

/// Lets it commit, abort and be fenced, of which it makes these `complaints` alone. It reads what
/// has become of that, and so do we.
fn transact(cluster: &Cluster, tool: Tool, topic: &str, complaints: &[&str]) {
    cluster.topic(topic, 2);
    cluster.wait_for_producer_ids(Some(topic));
    cluster.expect(&[
        // The second producer has to wait until the transaction of the first is aborted for it.
        (ApiKey::INIT_PRODUCER_ID, ErrorCode::CONCURRENT_TRANSACTIONS),
        // By the version of the request.
        (ApiKey::END_TXN, ErrorCode::INVALID_PRODUCER_EPOCH),
        (ApiKey::END_TXN, ErrorCode::PRODUCER_FENCED),
    ]);
    let printed = tool.args([&cluster.bootstrap(), topic]).run().unwrap();
    assert_eq!(printed.lines(), EXPECTED);
    // `%LEVEL|TIME|WHAT|...` is how librdkafka logs.
    let what = |line| str::split(line, '|').nth(2).unwrap_or(line);
    let mut logged: Vec<&str> = printed.stderr.lines().map(what).collect();
    logged.dedup();
    assert_eq!(logged, complaints, "{}", printed.stderr);

    // And so does our client, over the same transactions.
    let mut client = cluster.client();
    let options = FetchOptions::new().isolation(Isolation::ReadCommitted);
    let mut fetcher = client.fetcher_with(topic, 0, options).unwrap();
    let end = fetcher.seek_to(OffsetSpec::Latest).unwrap();
    fetcher.seek(0);
    let seen = committed_values(&mut fetcher, end);
    assert_eq!(seen, ["committed", "with offsets", "committed too"]);
}

on_each! {
    fn java_s_producer_commits_aborts_and_is_fenced(cluster) needs kafka {
        transact(cluster, programs::java("Transactions"), "java-transactions", &[]);
    }

    fn librdkafka_s_producer_commits_aborts_and_is_fenced(cluster) needs librdkafka {
        // The second producer that it waits, the first that it is fenced.
        let complaints = ["GETPID", "TXNERR", "FATAL"];
        transact(cluster, programs::python("transactions"), "rd-transactions", &complaints);
    }
}
