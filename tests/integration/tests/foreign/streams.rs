//! Kafka Streams: it counts words exactly once, is killed meanwhile, and starts again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{FetchOptions, Isolation, PartitionFetcher};
use libkafka_integration::{PATIENCE, batch, until};
use libkafka_testkafka::Session;

use crate::cluster::Cluster;
use crate::{on_each, programs};

const PARTITIONS: i32 = 2;
const WORDS: [&str; 5] = ["all", "is", "well", "that", "ends"];
/// How often each word is in a round of lines, of which each is a batch.
const ROUND: i64 = 100;

/// A running `WordCount.java`.
struct WordCount(Session);

impl WordCount {
    fn start(cluster: &Cluster, topic: &str) -> WordCount {
        let tool = programs::java("WordCount")
            .artifact("kafka-streams")
            .args([&cluster.bootstrap(), topic])
            .arg(state(cluster));
        WordCount(tool.spawn().unwrap())
    }

    /// As a crash ends it.
    fn kill(self) {
        drop(self);
    }

    #[track_caller]
    fn close(mut self) {
        self.0.close();
        let deadline = Instant::now() + PATIENCE;
        let mut last = Vec::new();
        while let Some(line) = self.0.line(deadline).unwrap() {
            last = line;
        }
        assert_eq!(str::from_utf8(&last), Ok("closed"), "{}", self.0.stderr());
    }
}

/// Where the application of a cluster keeps its state.
fn state(cluster: &Cluster) -> PathBuf {
    let address = cluster.bootstrap();
    let port = address.rsplit(':').next().unwrap_or_default();
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("word-count-{port}"))
}

/// Produces a round of lines, each with every word once, to both partitions in turn.
fn produce(cluster: &Cluster, topic: &str) {
    let mut client = cluster.client();
    let line = WORDS.join(" ");
    for partition in 0..PARTITIONS {
        let mut producer = client.producer(topic, partition).unwrap();
        for _ in 0..ROUND / i64::from(PARTITIONS) {
            producer.produce(batch(&[&line])).unwrap();
        }
    }
}

/// What has been counted of each word, in the order in which it was committed.
#[derive(Default)]
struct Counts(BTreeMap<String, Vec<i64>>);

impl Counts {
    /// Reads what was committed since the fetcher was here last.
    fn read(&mut self, fetchers: &mut [PartitionFetcher]) {
        for fetcher in fetchers {
            let fetched = fetcher.fetch().unwrap();
            let mut batches = fetched.visible_batches();
            for batch in &mut batches {
                for record in &batch.unwrap().records().unwrap() {
                    let record = record.unwrap();
                    let word = String::from_utf8(record.key.unwrap().to_vec()).unwrap();
                    let count = i64::from_be_bytes(record.value.unwrap().try_into().unwrap());
                    self.0.entry(word).or_default().push(count);
                }
            }
            fetcher.seek(batches.next_offset());
        }
    }

    fn number(&self) -> i64 {
        self.0.values().map(|counts| counts.len() as i64).sum()
    }

    /// Fails unless each word was counted once each time.
    #[track_caller]
    fn are_exact(&self, rounds: i64) {
        let each: Vec<i64> = (1..=rounds * ROUND).collect();
        let expected = WORDS.map(|word| (word.to_owned(), each.clone()));
        assert_eq!(self.0, BTreeMap::from(expected));
    }
}

/// Streams looks for its inner topics before it makes them, and finds a transaction of the one that
/// was killed.
const EXPECTED: [(ApiKey, ErrorCode); 3] = [
    (ApiKey::METADATA, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
    (
        ApiKey::DESCRIBE_TOPIC_PARTITIONS,
        ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
    ),
    (ApiKey::INIT_PRODUCER_ID, ErrorCode::CONCURRENT_TRANSACTIONS),
];

on_each! {
    fn words_are_counted_exactly_once_by_streams_that_are_killed(cluster) needs kafka {
        let topic = "word-count";
        cluster.topic(topic, PARTITIONS);
        cluster.topic("word-count-counts", PARTITIONS);
        cluster.may_ask_often();
        cluster.expect(&EXPECTED);
        // Of an earlier run of this test, whose port was the same.
        let _ = fs::remove_dir_all(state(cluster));
        let options = || {
            FetchOptions::new()
                .isolation(Isolation::ReadCommitted)
                .max_wait(Duration::from_millis(20))
        };
        let mut client = cluster.client();
        let mut fetchers: Vec<_> = (0..PARTITIONS)
            .map(|partition| client.fetcher_with("word-count-counts", partition, options()).unwrap())
            .collect();
        let mut counts = Counts::default();
        let mut read_until = |words: i64| {
            until(|| {
                counts.read(&mut fetchers);
                (counts.number() >= words).then_some(())
            });
        };
        let words = |rounds: i64| rounds * ROUND * WORDS.len() as i64;

        produce(cluster, topic);
        let first = WordCount::start(cluster, topic);
        read_until(words(1));
        produce(cluster, topic);
        read_until(words(1) + 1);
        first.kill();

        produce(cluster, topic);
        let second = WordCount::start(cluster, topic);
        read_until(words(3));
        second.close();
        counts.are_exact(3);
        let _ = fs::remove_dir_all(state(cluster));
    }
}
