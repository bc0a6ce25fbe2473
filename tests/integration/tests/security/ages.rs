//! Every age of Kafka, each listener of it.
//!
//! The oldest is always tried. `LIBKAFKA_AGES=all` tries all that there are, and a list like
//! `LIBKAFKA_AGES=1.1.1,2.8.2` those.

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, Record};
use libkafka_client::protocol::KafkaWire;
use libkafka_client::protocol::messages::ConsumerProtocolSubscription;
use libkafka_client::{
    Acks, Client, Commit, Config, Error, NewTopic, PartitionFetcher, Position, RetryPolicy,
};
use libkafka_testkafka::{Kafka, Mechanism, User, Version, require};

use crate::{config_of, with_sasl};

const LONG: Duration = Duration::from_secs(60);

fn ages() -> Vec<Version> {
    let all = Version::MATRIX;
    match std::env::var("LIBKAFKA_AGES").as_deref() {
        Err(_) | Ok("") => vec![all[0]],
        Ok("all") => all.to_vec(),
        Ok(list) => {
            let wanted: Vec<&str> = list.split(',').collect();
            let is_wanted = |version: &Version| wanted.contains(&version.to_string().as_str());
            let found: Vec<_> = all.into_iter().filter(is_wanted).collect();
            assert_eq!(
                found.len(),
                wanted.len(),
                "not all of {wanted:?} are in {all:?}"
            );
            found
        }
    }
}

#[test]
fn every_age_of_kafka_works_by_every_listener_that_it_has() {
    require!();
    for version in ages() {
        let kafka = Kafka::builder().version(version).tls(true).sasl(true);
        let kafka = kafka.start().unwrap();
        for listener in kafka.listeners() {
            let mechanisms: Vec<Option<Mechanism>> = match listener.is_sasl() {
                true => kafka.mechanisms().map(Some).collect(),
                false => vec![None],
            };
            for mechanism in mechanisms {
                let started = Instant::now();
                let config = config_of(&kafka, listener);
                let (config, name) = match mechanism {
                    Some(m) => (with_sasl(config, m, User::ADMIN), m.name()),
                    None => (config, "-"),
                };
                exercise(config, version, &format!("{listener}.{name}"));
                let took = started.elapsed().as_millis();
                println!("| {version} | {listener} | {name} | passed in {took} ms |");
            }
        }
    }
}

/// All that a client does, on a topic of its own.
fn exercise(config: Config, version: Version, name: &str) {
    let mut client = Client::new(config).unwrap();
    let topic = NewTopic::new(name).partitions(1).replication_factor(1);
    client.create_topic(topic).unwrap();
    let policy = RetryPolicy::for_idempotent_calls();
    let mut producer = policy
        .run(LONG, &mut client, |client| {
            client.producer(name, 0)?.idempotent()
        })
        .unwrap();
    let time = 1_700_000_000_000;
    for n in 0..10 {
        let batch = producer.stamp(batch(time + 1000 * n, n)).unwrap();
        policy
            .run(LONG, &mut producer, |producer| {
                producer.produce(batch.clone())
            })
            .unwrap();
        // Again: the broker tells that it has it.
        producer.produce(batch).unwrap();
    }
    for acks in [Acks::None, Acks::Leader] {
        let mut producer = client.producer(name, 0).unwrap().acks(acks);
        producer.produce(batch(time + 20_000, 10)).unwrap();
    }
    let mut fetcher = client.fetcher(name, 0).unwrap();
    let deadline = Instant::now() + LONG;
    while fetcher.seek_to(Position::Latest).unwrap() < 120 {
        assert!(Instant::now() < deadline);
    }
    assert_eq!(fetcher.seek_to(Position::Earliest).unwrap(), 0);
    let expected: Vec<i64> = (0..10).chain([10, 10]).flat_map(|n| [n; 10]).collect();
    assert_eq!(numbers(&mut fetcher, 120), expected);
    assert_eq!(
        fetcher.seek_to(Position::Timestamp(time + 5000)).unwrap(),
        50
    );
    fetcher.seek(1000);
    let error = fetcher.fetch().unwrap_err();
    assert!(
        matches!(
            error,
            Error::OffsetOutOfRange {
                log_start_offset: 0,
                end_offset: 120,
                ..
            }
        ),
        "{error:?}"
    );
    match fetcher.end_of_epoch(fetcher.leader().epoch.max(0)) {
        Ok(end) => assert_eq!(end.end_offset, Some(120)),
        Err(error) => {
            assert!(
                version < Version::new(2, 1, 0) && matches!(error, Error::Version { .. }),
                "{error:?}"
            );
        }
    }
    groups(&mut client, name);
    let cluster = client.describe_cluster().unwrap();
    assert_eq!(cluster.brokers.len(), 1);
    client.create_partitions(name, 2).unwrap();
    client.delete_topic(name).unwrap();
}

fn groups(client: &mut Client, name: &str) {
    let policy = RetryPolicy::for_idempotent_calls();
    let seconds = Duration::from_secs(10);
    let group = client.group(format!("group-{name}"));
    let mut group = group.session_timeout(seconds).rebalance_timeout(seconds);
    // Brokers look into what consumers say of themselves.
    let mut metadata = 0i16.to_be_bytes().to_vec();
    let subscription = ConsumerProtocolSubscription {
        topics: vec![name.to_owned()],
        ..Default::default()
    };
    subscription.encode(0, &mut metadata).unwrap();
    let metadata = Bytes::from(metadata);
    let joined = policy
        .run(LONG, &mut group, |group| {
            group.join(&[("range", metadata.clone())])
        })
        .unwrap();
    let assignment = Bytes::from_static(b"assignment");
    let synced = group.sync(&[(&joined.member_id, assignment.clone())]);
    assert_eq!(synced.unwrap(), assignment);
    group.heartbeat().unwrap();
    let commit = Commit {
        topic: name,
        partition: 0,
        offset: 7,
        ..Default::default()
    };
    group.commit(&[commit]).unwrap();
    assert_eq!(group.committed(name, 0).unwrap().unwrap().offset, 7);
    let described = client.describe_group(&format!("group-{name}")).unwrap();
    assert_eq!(described.group_state, "Stable");
    group.leave().unwrap();
    let listed = client.list_groups().unwrap();
    assert!(listed.iter().any(|group| group.group_id.ends_with(name)));
}

/// Ten records with the same number.
fn batch(time: i64, number: i64) -> Bytes {
    let mut builder = Builder::new();
    for n in 0..10 {
        builder
            .add_record(&Record {
                timestamp: time + n,
                value: Some(&number.to_be_bytes()),
                ..Record::default()
            })
            .unwrap();
    }
    builder.build_bytes().unwrap()
}

fn numbers(fetcher: &mut PartitionFetcher, end: i64) -> Vec<i64> {
    let mut numbers = Vec::new();
    while fetcher.offset() < end {
        let fetched = fetcher.fetch().unwrap();
        for batch in fetched.batches() {
            let batch = batch.unwrap();
            for record in &batch.records().unwrap() {
                let value = record.unwrap().value.unwrap();
                numbers.push(i64::from_be_bytes(value.try_into().unwrap()));
            }
            fetcher.seek(batch.next_offset());
        }
    }
    numbers
}
