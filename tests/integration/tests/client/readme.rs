//! The programs of the READMEs on a fresh broker.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use libkafka_client::batch::Builder;
use libkafka_client::membership::Subscription;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Client, Config, ConsumerOptions, NewTopic, OffsetSpec, Polled, Producer, ProducerConfig,
    ProducerRecord, RetryPolicy,
};
use libkafka_integration::{PATIENCE, on_both, until};

/// The program of the client's README. Returns what it prints.
fn one_partition(bootstrap: String) -> Result<Vec<String>, Box<dyn Error>> {
    let mut printed = Vec::new();
    macro_rules! println {
        ($($argument:tt)*) => {
            printed.push(format!($($argument)*))
        };
    }
    let mut client = Client::new(Config::new(bootstrap))?;
    match client.create_topic(NewTopic::new("orders")) {
        Err(error) if error.code() == Some(ErrorCode::TOPIC_ALREADY_EXISTS) => {}
        created => created?,
    }

    let mut builder = Builder::new();
    builder.add("order-1", "paid")?;
    builder.add("order-2", "shipped")?;
    let batch = builder.build_bytes()?;
    // It takes a moment until every broker knows a new topic, so retry.
    let patience = Duration::from_secs(10);
    let produced = RetryPolicy::new().run(patience, &mut client, |client| {
        client.producer("orders", 0)?.produce(batch.clone())
    })?;
    println!("at offset {:?}", produced.base_offset);

    let mut fetcher = client.fetcher("orders", 0)?;
    fetcher.seek_to(OffsetSpec::Earliest)?;
    for batch in fetcher.fetch()?.visible_batches() {
        for record in &batch?.records()? {
            let record = record?;
            let (key, value) = (record.key_text(), record.value_text());
            println!(
                "{}: {} = {}",
                record.offset,
                key.unwrap_or_default(),
                value.unwrap_or_default()
            );
        }
    }
    Ok(printed)
}

/// The first program of the workspace's README.
fn produce(bootstrap: String) -> Result<(), Box<dyn Error>> {
    let config = Config::new(bootstrap);
    match Client::new(config.clone())?.create_topic(NewTopic::new("orders").partitions(4)) {
        Err(error) if error.code() == Some(ErrorCode::TOPIC_ALREADY_EXISTS) => {}
        created => created?,
    }

    let producer = Producer::new(config, ProducerConfig::new())?;
    let wait = Duration::from_secs(10);
    for (key, value) in [("order-1", "paid"), ("order-2", "shipped")] {
        producer.send(&ProducerRecord::new("orders", key, value), wait)?;
    }
    for lost in producer.close(wait) {
        eprintln!("{lost}");
    }
    Ok(())
}

/// The second program of the workspace's README. Returns what it prints.
fn consume(bootstrap: String) -> Result<Vec<String>, Box<dyn Error>> {
    let mut printed = Vec::new();
    macro_rules! println {
        ($($argument:tt)*) => {
            printed.push(format!($($argument)*))
        };
    }
    let client = Client::new(Config::new(bootstrap))?;
    let topics = Subscription::topics(["orders"]);
    let mut consumer = client.consumer(topics, ConsumerOptions::new())?;
    loop {
        match consumer.poll(Duration::from_secs(2))? {
            Polled::Records(batch) => {
                for record in &batch.records()? {
                    let record = record?;
                    let (key, value) = (record.key_text(), record.value_text());
                    println!(
                        "{} = {}",
                        key.unwrap_or_default(),
                        value.unwrap_or_default()
                    );
                }
            }
            Polled::Trouble { claim, error, .. } => eprintln!("{}: {error}", claim.partition()),
            Polled::Idle => break,
            _ => {}
        }
    }
    Ok(printed)
}

on_both! {
    fn the_programs_of_the_readmes_work_on_a_fresh_broker_and_again(cluster) {
        produce(cluster.bootstrap()).unwrap();
        // On a busy machine, nothing may have come within the time that makes it idle.
        let mut printed = until(|| Some(consume(cluster.bootstrap()).unwrap()).filter(|p| !p.is_empty()));
        printed.sort();
        assert_eq!(printed, ["order-1 = paid", "order-2 = shipped"]);

        let mut client = Client::new(Config::new(cluster.bootstrap())).unwrap();
        client.delete_topic("orders").unwrap();
        until(|| client.leader("orders", 0).is_err().then_some(()));
        let create = NewTopic::new("orders");
        RetryPolicy::new()
            .run(PATIENCE, &mut client, |client| client.create_topic(create.clone()))
            .unwrap();
        let first = one_partition(cluster.bootstrap()).unwrap();
        let records = ["0: order-1 = paid", "1: order-2 = shipped"];
        assert_eq!(first[0], "at offset Some(0)");
        assert_eq!(first[1..], records);
        let again = one_partition(cluster.bootstrap()).unwrap();
        assert_eq!(again[0], "at offset Some(2)");
        assert_eq!(again.len(), 5);
    }
}

#[test]
fn the_readmes_have_the_programs_that_are_tried_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tried = fs::read_to_string(root.join("tests/integration/tests/client/readme.rs")).unwrap();
    for (readme, begin, end, function) in [
        (
            "README.md",
            "match Client::new(config.clone())",
            "Ok(())",
            "fn produce",
        ),
        (
            "README.md",
            "let topics = Subscription",
            "Ok(())",
            "fn consume",
        ),
        (
            "libkafka-client/README.md",
            "match client.create_topic",
            "Ok(())",
            "fn one_partition",
        ),
    ] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let said = part(&text, begin, end);
        let (_, here) = tried.split_once(function).unwrap();
        assert_eq!(said, part(here, begin, "Ok("), "{readme}");
    }
}

/// What is between the two, without space, and without the commas that rustfmt adds to long lines.
fn part(text: &str, begin: &str, end: &str) -> String {
    let (_, text) = text.split_once(begin).unwrap();
    let (text, _) = text.split_once(end).unwrap();
    let text: String = text.split_whitespace().collect();
    text.replace(",)", ")")
}
