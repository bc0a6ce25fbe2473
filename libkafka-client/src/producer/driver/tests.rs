//! A driver whose brokers are never reached: what lies on its lanes stays there.

use libkafka_protocol::messages::MetadataResponse;
use libkafka_protocol::messages::metadata::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use libkafka_protocol::{ApiKey, Overlooked};

use super::*;
use crate::address::Address;
use crate::broker::Broker;
use crate::config::Config;
use crate::exchange::{Answer, Exchange};
use crate::producer::delivery::Reason;
use crate::producer::engine::Engine;
use crate::producer::inbox::Inbox;
use crate::producer::producer_config::ProducerConfig;
use crate::producer::producer_record::ProducerRecord;
use crate::timings::Timings;

const LINGER: Duration = Duration::from_secs(60);

fn driver() -> Driver {
    let client = Client::new(Config::new("localhost:9092")).unwrap();
    Driver::new(client, ProduceLaneOptions::new(), Duration::from_secs(300))
}

fn metadata(partitions: i32) -> Answer<MetadataResponse> {
    let partition = |partition_index| MetadataResponsePartition {
        partition_index,
        leader_id: 1,
        ..Default::default()
    };
    let broker = MetadataResponseBroker {
        node_id: 1,
        host: "localhost".to_owned(),
        port: 9092,
        ..Default::default()
    };
    let topic = MetadataResponseTopic {
        name: Some("t".to_owned()),
        partitions: (0..partitions).map(partition).collect(),
        ..Default::default()
    };
    let exchange = Exchange {
        broker: Arc::new(Broker {
            id: Some(1),
            address: Address::new("localhost", 9092),
            rack: None,
        }),
        api_key: ApiKey::METADATA,
        version: 12,
        correlation_id: 1,
        request_bytes: 0,
        response_bytes: 0,
        started: Instant::now(),
        timings: Timings::default(),
        throttle: Duration::ZERO,
        overlooked: Overlooked::default(),
    };
    let response = MetadataResponse {
        brokers: vec![broker],
        topics: vec![topic],
        ..Default::default()
    };
    Answer { response, exchange }
}

/// A producer with a topic `t`, and a record in an open batch of each of its partitions.
fn producer(partitions: i32) -> Engine {
    let config = ProducerConfig::new()
        .batch_bytes(1000)
        .memory(64_000)
        .linger(LINGER);
    let core = Core::new(config, Inbox::new().unwrap());
    let mut driver = driver();
    driver.topology.add("t");
    driver.take_metadata(&core, &metadata(partitions)).unwrap();
    driver.control.producer = Some((1, 0));
    // As if a thread was given to it: those that send do not drive.
    core.workers.store(1, Ordering::Relaxed);
    let engine = Engine::new(core, driver);
    for partition in 0..partitions {
        let record = ProducerRecord::new("t", "key", "value").partition(partition);
        engine.send(&record, Duration::ZERO).unwrap();
    }
    let mut driver = engine.try_drive().unwrap();
    driver.read_notes(&engine.core, Instant::now());
    drop(driver);
    engine
}

fn waiting(driver: &Driver) -> usize {
    driver.carriers[&1].lane.waiting()
}

#[test]
fn without_a_topic_there_is_nothing_to_wake_up_for() {
    assert_eq!(driver().next_due(Instant::now()), None);
}

#[test]
fn open_batches_leave_together_but_a_part_at_a_time_while_memory_is_scarce() {
    let engine = producer(8);
    let core = &engine.core;
    let mut driver = engine.try_drive().unwrap();
    assert!(!driver.fill(core, 1, Instant::now()), "they linger");
    let now = Instant::now() + LINGER;
    lock(&core.memory).charge(0, 40_000);
    driver.fill(core, 1, now);
    assert_eq!(waiting(&driver), 2);
    driver.fill(core, 1, now);
    assert_eq!(waiting(&driver), 4);
    lock(&core.memory).release(0, 40_000);
    driver.fill(core, 1, now);
    assert_eq!(waiting(&driver), 8);
    assert_eq!(driver.carriers[&1].linger_ends(), None);
}

#[test]
fn open_batches_leave_sooner_when_a_sender_has_no_memory() {
    let engine = producer(8);
    let core = &engine.core;
    let mut driver = engine.try_drive().unwrap();
    lock(&core.memory).charge(0, 40_000);
    core.inbox.short(0, Shortage::All);
    let now = Instant::now();
    driver.read_notes(core, now);
    driver.fill(core, 1, now);
    // That of the sender, and a part of the others.
    assert!((2..=3).contains(&waiting(&driver)), "{}", waiting(&driver));
    let left = waiting(&driver);
    driver.fill(core, 1, now);
    assert_eq!(waiting(&driver), left);
}

#[test]
fn what_is_closed_while_another_thread_drives_and_was_not_sent_is_not_in_doubt() {
    let engine = producer(1);
    let mut driver = engine.try_drive().unwrap();
    driver.fill(&engine.core, 1, Instant::now() + LINGER);
    assert_eq!(waiting(&driver), 1);
    let lost = std::thread::scope(|scope| {
        let closing = scope.spawn(|| engine.close(Deadline::now()));
        while !engine.core.inbox.is_claimed() && !closing.is_finished() {
            std::thread::yield_now();
        }
        let until = Instant::now() + LINGER;
        assert!(!engine.core.inbox.sleep(until), "it must not sleep now");
        drop(driver);
        closing.join().unwrap()
    });
    let [lost] = &lost[..] else {
        panic!("{} deliveries", lost.len())
    };
    let failure = lost.outcome.as_ref().expect_err("a failure");
    assert_eq!(failure.reason, Reason::Closed);
    assert!(!failure.possibly_written);
    assert!(!failure.batch.is_empty());
}
