//! The example `proxy` between foreign clients and brokers of which the leader moves.

use std::time::Instant;

use libkafka_batch::{Batch, Record};
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Client, Config};
use libkafka_integration::{PATIENCE, batch, until};
use libkafka_proxy::{Proxy, Rename};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, Tool, require};

use crate::member::{Member, listen_until};
use crate::programs::{java, python};

/// The topic, as clients know it and as brokers do.
const FOR_CLIENTS: &str = "orders";
const FOR_BROKERS: &str = "orders.v2";
/// Records before the leader moves, and as many after it.
const HALF: usize = 50;

fn proxy(broker: impl ToString) -> Proxy {
    let rename = Rename {
        for_clients: FOR_CLIENTS.into(),
        for_brokers: FOR_BROKERS.into(),
    };
    Proxy::start(
        ([127, 0, 0, 1], 0).into(),
        &broker.to_string(),
        Some(rename),
    )
    .unwrap()
}

fn three_nodes() -> Broker {
    let broker = Broker::builder().nodes(3).topic(FOR_BROKERS, 1);
    broker.start().unwrap()
}

fn move_leader(broker: &Broker) {
    let leader = broker.leader(FOR_BROKERS, 0).unwrap();
    broker.move_leader(FOR_BROKERS, 0, leader % 3 + 1);
}

fn values() -> Vec<String> {
    (0..2 * HALF)
        .map(|number| format!("order {number}"))
        .collect()
}

/// Lets a producer write the values, each on a line after `prefix`, and finds each in the log once
/// and in order.
fn produce(producer: Tool, prefix: &str, broker: &Broker) {
    let mut session = producer.spawn().unwrap();
    for (number, value) in values().iter().enumerate() {
        if number == HALF {
            until(|| (broker.offsets(FOR_BROKERS, 0).end == HALF as i64).then_some(()));
            move_leader(broker);
        }
        session.send(format!("{prefix}{value}").as_bytes()).unwrap();
    }
    session.close();
    let deadline = Instant::now() + PATIENCE;
    while session.line(deadline).unwrap().is_some() {}
    let log = broker.batches(FOR_BROKERS, 0);
    let sets = log.iter().map(|bytes| Batch::parse(bytes).unwrap());
    let values_of = |batch: Batch<'_>| {
        let records = batch.records().unwrap();
        let value =
            |record: Result<Record<'_>, _>| record.unwrap().value_text().unwrap().into_owned();
        records.iter().map(value).collect::<Vec<_>>()
    };
    let found: Vec<String> = sets.flat_map(values_of).collect();
    assert_eq!(found, values(), "{}", session.stderr());
}

/// Lets a member of a group read what comes before and after the leader has moved.
fn consume(member: Tool, settings: &[&str], proxy: &Proxy, broker: &Broker) {
    let mut direct = Client::new(Config::new(broker.bootstrap())).unwrap();
    let member = member.args([&proxy.address().to_string(), "billing", FOR_CLIENTS]);
    let mut members = [Member::start(&member.args(settings))];
    let already = broker.offsets(FOR_BROKERS, 0).end as usize;
    for round in 1..=2 {
        let mut producer = direct.producer(FOR_BROKERS, 0).unwrap();
        producer.produce(batch(&values()[..HALF])).unwrap();
        listen_until("it reads all", &mut members, |members| {
            members[0].read.len() == already + round * HALF
        });
        move_leader(broker);
    }
    until(|| {
        let committed = broker.committed("billing", FOR_BROKERS, 0);
        (committed == Some((already + 2 * HALF) as i64)).then_some(())
    });
}

/// Whoever goes past the proxy comes with a name that no broker knows.
fn nobody_went_past(broker: &Broker) {
    let of_topics = [ApiKey::METADATA, ApiKey::PRODUCE, ApiKey::FETCH];
    let mut errors = broker.errors();
    errors.retain(|(api, code), _| {
        let unknown = [
            ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
            ErrorCode::UNKNOWN_TOPIC_ID,
        ];
        of_topics.contains(api) && unknown.contains(code)
    });
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn librdkafka_follows_the_leader_through_the_proxy() {
    require!(librdkafka);
    let broker = three_nodes();
    let proxy = proxy(broker.address(1));
    let producer = python("produce").args([&*proxy.address().to_string(), FOR_CLIENTS]);
    produce(producer.arg("enable.idempotence=true"), "0 ", &broker);
    consume(python("member"), &[], &proxy, &broker);
    nobody_went_past(&broker);
}

#[test]
fn javas_clients_follow_the_leader_through_the_proxy() {
    require!();
    let broker = three_nodes();
    let proxy = proxy(broker.address(1));
    let producer = Tool::console_producer(&proxy.address().to_string(), FOR_CLIENTS);
    produce(producer, "", &broker);
    consume(
        java("Member"),
        &["group.protocol=consumer"],
        &proxy,
        &broker,
    );
    nobody_went_past(&broker);
}

#[test]
fn kafkas_tools_use_real_kafka_through_the_proxy() {
    require!();
    let proxy = proxy(Kafka::shared().bootstrap());
    let address = proxy.address().to_string();
    let topics = |args: &[&str]| {
        let tool = Tool::new("org.apache.kafka.tools.TopicCommand");
        let tool = tool.args(["--bootstrap-server", &address]).args(args);
        tool.run().unwrap().lines()
    };
    topics(&["--create", "--topic", FOR_CLIENTS, "--partitions", "2"]);
    let lines: String = values().iter().map(|value| format!("{value}\n")).collect();
    let producer = Tool::console_producer(&address, FOR_CLIENTS);
    producer.stdin(lines).run().unwrap();
    let most = (2 * HALF).to_string();
    let consumer = Tool::console_consumer(&address, FOR_CLIENTS);
    let consumer = consumer.args(["--from-beginning", "--max-messages", &most]);
    let mut read = consumer.run().unwrap().lines();
    let mut written = values();
    read.sort();
    written.sort();
    assert_eq!(read, written);

    let described = topics(&["--describe", "--topic", FOR_CLIENTS]);
    assert!(described[0].contains("Topic: orders\t"), "{described:?}");
    let mut direct = Client::new(Config::new(Kafka::shared().bootstrap())).unwrap();
    assert_eq!(
        direct.topic_metadata(&[FOR_BROKERS]).unwrap().topics[0]
            .partitions
            .len(),
        2
    );
    topics(&["--delete", "--topic", FOR_CLIENTS]);
}
