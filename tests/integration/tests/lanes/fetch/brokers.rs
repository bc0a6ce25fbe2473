//! Several brokers, of which one is in trouble.

use std::sync::Arc;
use std::time::Instant;

use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Client, Config};
use libkafka_integration::{LaneReader, batch};
use libkafka_testbroker::{Broker, Fault};

use super::{LONG, Place, at, fetches, hasty};

const PARTITIONS: i32 = 6;

/// Three nodes, each of which leads some of the partitions.
fn three_nodes() -> (Broker, Client) {
    let broker = Broker::builder()
        .nodes(3)
        .topic("t", PARTITIONS)
        .start()
        .unwrap();
    for partition in 0..PARTITIONS {
        broker.move_leader("t", partition, partition % 3 + 1);
    }
    let config = Config::new(broker.bootstrap()).timeout(LONG);
    (broker, Client::new(config).unwrap())
}

fn produce(client: &mut Client, value: &str) {
    for partition in 0..PARTITIONS {
        produce_to(client, partition, value);
    }
}

fn produce_to(client: &mut Client, partition: i32, value: &str) {
    let mut producer = client.producer("t", partition).unwrap();
    producer.produce(batch(&[value])).unwrap();
}

/// Every partition has these values, each once and in order.
fn has_each_once(reader: &LaneReader, values: &[&str]) {
    for partition in 0..PARTITIONS {
        assert_eq!(reader.values[&partition], values, "partition {partition}");
    }
}

#[test]
fn one_metadata_request_and_one_connection_to_each_broker_are_enough() {
    let (broker, mut client) = three_nodes();
    produce(&mut client, "a");
    drop(client);
    let config = Config::new(broker.bootstrap()).timeout(LONG);
    let asked = broker.requests(ApiKey::METADATA);
    let mut reader = LaneReader::new(Client::new(config).unwrap(), "t", hasty());
    reader.read(PARTITIONS as usize);
    has_each_once(&reader, &["a"]);
    assert_eq!(broker.requests(ApiKey::METADATA) - asked, 1);
    assert_eq!(reader.lanes.len(), 3);
    assert!(reader.errors.is_empty(), "{:?}", reader.errors);
}

#[test]
fn a_broker_that_says_nothing_does_not_hold_up_the_others() {
    let (broker, mut client) = three_nodes();
    let mut reader = LaneReader::new(
        Client::new(Config::new(broker.bootstrap()).timeout(LONG)).unwrap(),
        "t",
        hasty(),
    );
    produce(&mut client, "a");
    reader.read(PARTITIONS as usize);
    let silent = broker.inject(Fault::on(ApiKey::FETCH).node(2).silence());
    reader.run(|_| silent.hits() > 0);
    produce(&mut client, "b");
    let started = Instant::now();
    // Four of the six are led by the others.
    reader.read(PARTITIONS as usize + 4);
    assert!(started.elapsed() < LONG / 2, "{:?}", started.elapsed());
    drop(silent);
    // What the silent one holds is got by a fresh connection.
    broker.close_connections(2);
    reader.read(2 * PARTITIONS as usize);
    has_each_once(&reader, &["a", "b"]);
}

#[test]
fn the_partitions_of_a_broker_that_dies_go_on_at_their_new_leaders() {
    let (broker, mut client) = three_nodes();
    produce(&mut client, "a");
    let config = Config::new(broker.bootstrap()).timeout(LONG);
    let mut reader = LaneReader::new(Client::new(config).unwrap(), "t", hasty());
    reader.read(PARTITIONS as usize);
    broker.stop_node(1);
    for partition in (0..PARTITIONS).filter(|partition| partition % 3 == 0) {
        broker.move_leader("t", partition, 2);
    }
    produce(&mut client, "b");
    reader.read(2 * PARTITIONS as usize);
    has_each_once(&reader, &["a", "b"]);
    broker.start_node(1).unwrap();
    produce(&mut client, "c");
    reader.read(3 * PARTITIONS as usize);
    has_each_once(&reader, &["a", "b", "c"]);
}

#[test]
fn a_lane_connects_to_the_new_address_of_its_broker() {
    let place = Place::plain();
    let elsewhere = Place::plain();
    let mut lane = place.lane(hasty());
    fetches(&mut lane, 3);
    let address = elsewhere.broker.bootstrap().parse().unwrap();
    let moved = libkafka_client::Broker {
        address,
        ..libkafka_client::Broker::clone(lane.broker())
    };
    lane.set_broker(Arc::new(moved));
    // Another cluster, where the topic has another id.
    for partition in 0..3 {
        lane.seek(&at(partition), 0);
    }
    for fetch in fetches(&mut lane, 3) {
        let error = fetch.result.unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_ID), "{error:?}");
    }
    assert!(elsewhere.broker.requests(ApiKey::FETCH) > 0);
}

#[test]
fn leaders_that_move_are_followed_by_what_responses_say() {
    let (broker, mut client) = three_nodes();
    produce(&mut client, "a");
    let config = Config::new(broker.bootstrap()).timeout(LONG);
    let mut reader = LaneReader::new(Client::new(config).unwrap(), "t", hasty());
    reader.read(PARTITIONS as usize);
    for partition in 0..PARTITIONS {
        broker.move_leader("t", partition, (partition + 1) % 3 + 1);
    }
    produce(&mut client, "b");
    reader.read(2 * PARTITIONS as usize);
    has_each_once(&reader, &["a", "b"]);
    assert!(reader.errors.len() >= PARTITIONS as usize);
}
