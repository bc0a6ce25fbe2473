//! Lanes over TLS with SASL: in steps, with requests that do not fit the socket, and with sessions
//! that end.

use std::fs;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Plain, Tls};
use libkafka_testbroker::{Builder, Fault, Listener};
use libkafka_testkafka::{Certificates, Identity};

use super::*;

/// What a broker is built from whose sessions last five seconds: a client that renews them has most
/// of a second left for that, and needs it where the machine is busy.
pub(super) fn builder(certificates: &Certificates) -> Builder {
    let certificate = fs::read(certificates.certificate(Identity::Server)).unwrap();
    let key = fs::read(certificates.key(Identity::Server)).unwrap();
    let tls = libkafka_testbroker::Tls::new(certificate, key).unwrap();
    Broker::builder()
        .listener(Listener::SaslSsl)
        .tls(tls)
        .user("alice", "secret")
        .config("connections.max.reauth.ms", "5000")
}

fn broker(certificates: &Certificates) -> Broker {
    builder(certificates).topic("t", 2).start().unwrap()
}

pub(super) fn secure_client(broker: &Broker, certificates: &Certificates) -> Client {
    let tls = Tls::trusting(certificates.ca()).unwrap();
    let config = config(broker).tls(tls).sasl(Plain::new("alice", "secret"));
    let mut client = Client::new(config).unwrap();
    client.topology(["t"]).unwrap();
    client
}

#[test]
fn large_requests_go_through_tls_however_little_the_broker_takes_at_once() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates);
    let mut client = secure_client(&broker, &certificates);
    let node = broker.ids()[0];
    let mut lane = client
        .produce_lane(node, ProduceLaneOptions::new())
        .unwrap();
    // While the first is held, nothing is read of the others: they fill the socket.
    let pause = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    let values: Vec<String> = (0..6u8)
        .map(|n| char::from(b'a' + n).to_string().repeat(900_000))
        .collect();
    for value in &values {
        lane.push(batch(0, value));
    }
    let until = Deadline::after(LONG);
    while pause.hits() == 0 {
        assert!(!until.is_past());
        lane.advance().unwrap();
        let soon = Deadline::after(Duration::from_millis(10));
        wait(&[&lane], soon).unwrap();
    }
    pause.release();
    for (n, outcome) in outcomes(&mut lane, values.len()).iter().enumerate() {
        let produced = outcome.result.as_ref().unwrap();
        assert_eq!(produced.base_offset, Some(n as i64));
    }
    let log = libkafka_integration::values(&mut client.fetcher("t", 0).unwrap());
    assert!(log == values);
}

#[test]
fn sessions_are_renewed_on_the_way() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates);
    let client = secure_client(&broker, &certificates);
    let node = broker.ids()[0];
    let mut lane = client
        .produce_lane(node, ProduceLaneOptions::new())
        .unwrap();
    let before = broker.requests(ApiKey::SASL_HANDSHAKE);
    let started = Instant::now();
    let mut count = 0;
    // The lane logs in, and again before each session ends.
    while broker.requests(ApiKey::SASL_HANDSHAKE) < before + 3 {
        assert!(started.elapsed() < LONG);
        lane.push(batch(0, "value"));
        lane.push(batch(1, "value"));
        for outcome in outcomes(&mut lane, 2) {
            outcome.result.unwrap();
        }
        count += 1;
    }
    assert_eq!(broker.offsets("t", 0), 0..count);
    assert_eq!(broker.offsets("t", 1), 0..count);
    // The client's own, and one that lasted.
    assert_eq!(broker.requests(ApiKey::API_VERSIONS), 2);
}

#[test]
fn sessions_are_renewed_while_batches_are_in_flight_and_each_is_stored_once_and_in_order() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates);
    let mut client = secure_client(&broker, &certificates);
    let node = broker.ids()[0];
    let mut lane = client
        .produce_lane(node, ProduceLaneOptions::new())
        .unwrap();
    let before = broker.requests(ApiKey::SASL_HANDSHAKE);
    let until = Deadline::after(LONG);
    let (mut pushed, mut stored) = (0, 0);
    // Never idle, so that each renewal comes between batches.
    while broker.requests(ApiKey::SASL_HANDSHAKE) < before + 3 {
        assert!(!until.is_past(), "{stored} of {pushed} stored");
        while pushed < stored + 12 {
            lane.push(batch(pushed % 2, &(pushed / 2).to_string()));
            pushed += 1;
        }
        lane.advance().unwrap();
        while let Some(outcome) = lane.next_outcome() {
            outcome.result.unwrap();
            stored += 1;
        }
        wait(&[&lane], until).unwrap();
    }
    for outcome in outcomes(&mut lane, (pushed - stored) as usize) {
        outcome.result.unwrap();
    }
    // The client's own, and one that lasted.
    assert_eq!(broker.requests(ApiKey::API_VERSIONS), 2);
    for partition in 0..2 {
        let count = (pushed + 1 - partition) / 2;
        let expected: Vec<String> = (0..count).map(|n| n.to_string()).collect();
        let log = libkafka_integration::values(&mut client.fetcher("t", partition).unwrap());
        assert!(log == expected, "partition {partition}: {}", log.len());
    }
}

#[test]
fn what_waits_behind_a_batch_that_outlasts_the_session_leaves_once_the_session_is_renewed() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates);
    let client = secure_client(&broker, &certificates);
    let options = ProduceLaneOptions::new().max_in_flight(1);
    let mut lane = client.produce_lane(broker.ids()[0], options).unwrap();
    let delay = Duration::from_millis(5500);
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).delay(delay));
    let started = Instant::now();
    lane.push(batch(0, "parked"));
    lane.push(batch(0, "behind"));
    for outcome in outcomes(&mut lane, 2) {
        outcome.result.unwrap();
    }
    assert_eq!(fault.hits(), 1);
    // Nothing comes from the broker after the first answer that would wake the lane up.
    let took = started.elapsed();
    assert!(took < delay + LONG / 2, "{took:?}");
    assert_eq!(broker.offsets("t", 0), 0..2);
    assert_eq!(broker.requests(ApiKey::API_VERSIONS), 2);
}
