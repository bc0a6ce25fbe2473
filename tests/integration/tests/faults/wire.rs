//! Whatever becomes of the bytes: a typed error in time, nothing lost, nothing twice, and the same
//! client works again.

use std::time::Duration;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Error, OffsetSpec, PartitionProducer, Phase, ProducerOptions};
use libkafka_testbroker::{ArmedFault, Broker, Fault};

use crate::{LONG, SHORT, batch, broker, client, config, fails_within, values};

/// Produces through a fault, which is to give an error, and once more without; an idempotent
/// producer has each record in the log once.
fn produce_through(
    broker: &Broker,
    producer: &mut PartitionProducer,
    value: &str,
    time: Duration,
    fault: ArmedFault,
) -> Error {
    let batch = producer.stamp(batch(&[value])).unwrap();
    let fault = broker.inject(fault);
    let error = fails_within(time, || producer.within(time).produce(batch.clone()));
    assert_eq!(fault.hits(), 1);
    drop(fault);
    producer.produce(batch).unwrap();
    error
}

fn produce() -> Fault {
    Fault::on(ApiKey::PRODUCE).times(1)
}

fn producer(client: &mut Client) -> PartitionProducer {
    let mut producer = client
        .producer_with("t", 0, ProducerOptions::new().idempotent(true))
        .unwrap();
    let first = producer.stamp(batch(&["first"])).unwrap();
    producer.produce(first).unwrap();
    producer
}

#[test]
fn a_produce_response_may_be_cut_at_any_byte() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = producer(&mut client);
    let size = producer.last_exchange().unwrap().response_bytes;
    assert!(size > 30);
    let mut expected = vec!["first".to_owned()];
    for cut in 0..size {
        let value = format!("cut at {cut}");
        let error = produce_through(&broker, &mut producer, &value, LONG, produce().cut(cut));
        assert!(matches!(error, Error::Closed { .. }), "at {cut}: {error:?}");
        assert!(error.possibly_written() && error.at().unwrap().phase == Phase::Read);
        expected.push(value);
    }
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), expected);
}

#[test]
fn a_fetch_response_may_be_cut_at_any_byte() {
    let broker = broker();
    let mut client = client(&broker);
    producer(&mut client);
    let mut fetcher = client.fetcher("t", 0).unwrap();
    fetcher.fetch().unwrap();
    for cut in 0..fetcher.last_exchange().unwrap().response_bytes {
        let fault = broker.inject(Fault::on(ApiKey::FETCH).times(1).cut(cut));
        let error = fails_within(LONG, || fetcher.fetch());
        assert!(matches!(error, Error::Closed { .. }), "at {cut}: {error:?}");
        drop(fault);
        assert_eq!(fetcher.fetch().unwrap().batches().count(), 1);
    }
}

#[test]
fn what_opens_a_connection_may_be_cut_at_any_byte() {
    let broker = broker();
    let mut probe = client(&broker);
    probe.all_metadata().unwrap();
    let size = {
        let request = libkafka_client::protocol::messages::ApiVersionsRequest::default();
        probe.call(&request).unwrap();
        probe.last_exchange().unwrap().response_bytes
    };
    for cut in 1..size {
        let fault = broker.inject(Fault::on(ApiKey::API_VERSIONS).times(1).cut(cut));
        let mut client = client(&broker);
        let error = fails_within(LONG, || client.all_metadata());
        assert!(matches!(error, Error::Closed { .. }), "at {cut}: {error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
        assert!(!error.possibly_written());
        drop(fault);
        client.all_metadata().unwrap();
    }
}

#[test]
fn a_broker_that_closes_at_an_unknown_version_is_asked_in_another_and_that_is_remembered() {
    for (closes, asks) in [(1, 2), (2, 3)] {
        let broker = broker();
        let fault = Fault::on(ApiKey::API_VERSIONS).times(closes).cut(0);
        let fault = broker.inject(fault);
        let config = config(&broker);
        Client::new(config.clone()).unwrap().all_metadata().unwrap();
        assert_eq!(fault.hits(), closes);
        assert_eq!(broker.requests(ApiKey::API_VERSIONS), asks);
        // Whoever comes next begins with the version that was answered.
        Client::new(config).unwrap().all_metadata().unwrap();
        assert_eq!(broker.requests(ApiKey::API_VERSIONS), asks + 1);
    }
}

#[test]
fn a_broker_that_closes_at_every_version_is_an_error_of_the_negotiation() {
    let broker = broker();
    let fault = broker.inject(Fault::on(ApiKey::API_VERSIONS).hang_up());
    let mut client = client(&broker);
    for asks in [3, 6] {
        let error = fails_within(LONG, || client.all_metadata());
        assert!(matches!(error, Error::Closed { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
        assert!(!error.possibly_written());
        assert_eq!(fault.hits(), asks);
    }
    drop(fault);
    client.all_metadata().unwrap();
}

#[test]
fn a_response_that_answers_something_else_is_an_error() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = producer(&mut client);
    let size = producer.last_exchange().unwrap().response_bytes as i32 - 4;
    let mut expected = vec!["first".to_owned()];
    let mut through = |value: &str, time, fault: ArmedFault| {
        expected.push(value.to_owned());
        produce_through(&broker, &mut producer, value, time, fault)
    };

    let error = through("other id", LONG, produce().wrong_correlation_id());
    assert!(matches!(error, Error::CorrelationId { .. }), "{error:?}");
    for length in [-1, i32::MIN, i32::MAX] {
        let error = through("impossible", LONG, produce().wrong_length(length));
        assert!(
            matches!(error, Error::ResponseLength { length: l, .. } if l == length),
            "{error:?}"
        );
    }
    for length in [0, 3, 4, 5, size - 1] {
        let error = through("too short", LONG, produce().wrong_length(length));
        assert!(matches!(error, Error::Decode { .. }), "{length}: {error:?}");
    }
    let error = through("too long", SHORT, produce().wrong_length(size + 1));
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    let error = through("garbage", LONG, produce().garbage());
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), expected);
}

#[test]
fn a_response_that_never_comes_is_a_timeout_or_the_end_of_the_connection() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = producer(&mut client);
    let mut expected = vec!["first".to_owned()];
    for (value, fault, timeout) in [
        ("silence", produce().silence(), true),
        ("dropped", produce().drop_request(), true),
        ("reset", produce().reset(), false),
        ("hung up", produce().hang_up(), false),
    ] {
        let time = if timeout { SHORT } else { LONG };
        let error = produce_through(&broker, &mut producer, value, time, fault);
        let is_timeout = matches!(error, Error::Timeout { .. });
        assert!(is_timeout == timeout, "{value}: {error:?}");
        assert!(
            is_timeout || matches!(error, Error::Closed { .. }),
            "{error:?}"
        );
        assert!(error.possibly_written());
        expected.push(value.to_owned());
    }
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), expected);
}

#[test]
fn bytes_that_drip_are_a_response_if_they_come_in_time() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = producer(&mut client);
    let drip = |pause| produce().drip(1, Duration::from_millis(pause));
    let fault = broker.inject(drip(1));
    let second = producer.stamp(batch(&["second"])).unwrap();
    producer.produce(second).unwrap();
    assert_eq!(fault.hits(), 1);
    // Each byte comes in time for itself; all of them do not.
    let error = produce_through(&broker, &mut producer, "third", SHORT, drip(200));
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    let expected = ["first", "second", "third"];
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), expected);
}

#[test]
fn every_call_of_a_client_survives_the_end_of_its_connection() {
    let broker = broker();
    let mut client = client(&broker);
    for api in [ApiKey::METADATA, ApiKey::CREATE_TOPICS, ApiKey::LIST_GROUPS] {
        let mut call = || match api {
            ApiKey::METADATA => client.all_metadata().map(drop),
            ApiKey::CREATE_TOPICS => {
                let request = libkafka_client::protocol::messages::CreateTopicsRequest::default();
                client.call(&request).map(drop)
            }
            _ => client.list_groups().map(drop),
        };
        for fault in [
            Fault::on(api).times(1).cut(2),
            Fault::on(api).times(1).hang_up(),
        ] {
            let fault = broker.inject(fault);
            let error = fails_within(LONG, &mut call);
            assert!(matches!(error, Error::Closed { .. }), "{error:?}");
            drop(fault);
            call().unwrap();
        }
    }
}

#[test]
fn a_broker_that_closes_idle_connections_is_not_noticed() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    for n in 0..5 {
        producer.produce(batch(&[&n.to_string()])).unwrap();
        fetcher.fetch().unwrap();
        client.all_metadata().unwrap();
        broker.close_connections(1);
        // After a pause this short a connection would not be looked at.
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(values(&mut fetcher), ["0", "1", "2", "3", "4"]);
}

#[test]
fn each_end_of_a_partition_has_a_connection_of_its_own() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    fetcher.fetch().unwrap();
    assert_eq!(broker.connections(1), 3);
    // What is in flight on one is in nobody else's way.
    producer.send(batch(&["b"])).unwrap();
    fetcher.seek_to(OffsetSpec::Latest).unwrap();
    client.all_metadata().unwrap();
    producer.collect().unwrap().unwrap();
    assert_eq!(broker.connections(1), 3);
}

#[test]
fn a_pipeline_that_breaks_says_so_once_and_is_empty() {
    let broker = broker();
    let mut client = Client::new(config(&broker)).unwrap();
    let mut producer = producer(&mut client);
    let batches = ["a", "b", "c", "d"].map(|value| producer.stamp(batch(&[value])).unwrap());
    let fault = broker.inject(produce().skip(1).cut(5));
    // The end shows when the next is sent, or when the answers are collected.
    let mut run = || {
        for batch in &batches {
            producer.send(batch.clone())?;
        }
        while producer.collect()?.is_some() {}
        Ok(())
    };
    let error = run().unwrap_err();
    assert!(matches!(error, Error::Closed { .. }), "{error:?}");
    drop(fault);
    assert_eq!(producer.in_flight(), 0);
    assert_eq!(producer.collect().unwrap(), None);
    for batch in &batches {
        producer.send(batch.clone()).unwrap();
    }
    while producer.collect().unwrap().is_some() {}
    let expected = ["first", "a", "b", "c", "d"];
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), expected);
}
