//! Each listener with what it asks for.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use libkafka_batch::Builder;
use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Config, Error, Exchange, Observer};
use libkafka_integration::{PATIENCE, create};
use libkafka_testkafka::{Listener, Mechanism, User};

use crate::place::{Place, at_both};
use crate::with_sasl;

at_both! {
    tls_with_and_without_a_certificate_carries_everything
    every_sasl_mechanism_works_with_and_without_tls
    a_session_is_renewed_before_it_ends_by_every_mechanism_and_the_connection_stays
    a_pipeline_goes_on_while_sessions_are_renewed
}

/// Creates a topic, produces to it and fetches from it.
fn round_trip(config: Config, topic: &str) {
    let mut client = Client::new(config).unwrap();
    create(&mut client, topic, 1, &[]);
    let mut producer = client.producer(topic, 0).unwrap();
    // More than fits one TLS record, or one buffer.
    let value = vec![b'x'; 300_000];
    let mut builder = Builder::new();
    builder.add("key", &value).unwrap();
    producer.produce(builder.build_bytes().unwrap()).unwrap();
    let fetched = client.fetcher(topic, 0).unwrap().fetch().unwrap();
    let batch = fetched.batches().next().unwrap().unwrap();
    let records = batch.records().unwrap();
    let record = records.iter().next().unwrap().unwrap();
    assert_eq!(record.value, Some(&value[..]));
}

fn tls_with_and_without_a_certificate_carries_everything(place: &Place) {
    round_trip(place.config(Listener::Plaintext), "plaintext");
    round_trip(place.config(Listener::Ssl), "ssl");
    round_trip(place.config(Listener::Mtls), "mtls");
}

fn every_sasl_mechanism_works_with_and_without_tls(place: &Place) {
    for listener in [Listener::SaslPlaintext, Listener::SaslSsl] {
        for mechanism in place.mechanisms() {
            let topic = format!("{listener}-{mechanism}");
            round_trip(
                with_sasl(place.config(listener), mechanism, User::ALICE),
                &topic,
            );
        }
    }
}

#[derive(Default)]
struct Count(Mutex<Vec<ApiKey>>);

impl Count {
    /// How many exchanges of an API there were.
    fn of(&self, api: ApiKey) -> usize {
        let seen = self.0.lock().unwrap();
        seen.iter().filter(|seen| **seen == api).count()
    }
}

impl Observer for Count {
    fn exchange(&self, exchange: &Exchange, _: Option<&Error>) {
        self.0.lock().unwrap().push(exchange.api_key);
    }
}

fn a_session_is_renewed_before_it_ends_by_every_mechanism_and_the_connection_stays(place: &Place) {
    let ways = [Listener::SaslPlaintext, Listener::SaslSsl]
        .into_iter()
        .flat_map(|listener| {
            place
                .mechanisms()
                .into_iter()
                .map(move |mechanism| (listener, mechanism))
        });
    // When a session is over, the broker closes the connection. None waits for another to be renewed.
    std::thread::scope(|scope| {
        for way in ways {
            scope.spawn(move || {
                let count = Arc::new(Count::default());
                let config = with_sasl(place.config(way.0), way.1, User::ALICE);
                let mut client = Client::new(config.observer(count.clone())).unwrap();
                let deadline = Instant::now() + PATIENCE;
                while count.of(ApiKey::SASL_HANDSHAKE) < 3 {
                    assert!(Instant::now() < deadline, "not renewed twice: {way:?}");
                    let metadata = client.broker_metadata();
                    metadata.unwrap_or_else(|error| panic!("{way:?}: {error}"));
                    // As idle as most clients are.
                    std::thread::park_timeout(Duration::from_millis(10));
                }
                let connections = count.of(ApiKey::API_VERSIONS);
                assert_eq!(connections, 1, "{way:?}");
            });
        }
    });
}

fn a_pipeline_goes_on_while_sessions_are_renewed(place: &Place) {
    let count = Arc::new(Count::default());
    let config = with_sasl(
        place.config(Listener::SaslPlaintext),
        Mechanism::Plain,
        User::ALICE,
    );
    round_trip(config.clone(), "renewed");
    let mut client = Client::new(config.observer(count.clone())).unwrap();
    let mut producer = client.producer("renewed", 0).unwrap();
    let mut builder = Builder::new();
    let mut batch = || {
        builder.add("key", "value").unwrap();
        builder.build_bytes().unwrap()
    };
    // The producer and the client have a connection each.
    let renewals = || count.of(ApiKey::SASL_HANDSHAKE) - 2;
    let deadline = Instant::now() + PATIENCE;
    let (mut sent, mut collected) = (0, 0);
    producer.send(batch()).unwrap();
    // Two are always in flight; the answers come in order all the same.
    while renewals() < 2 {
        producer.send(batch()).unwrap();
        sent += 1;
        let produced = producer.collect().unwrap().unwrap();
        assert_eq!(produced.base_offset, Some(collected + 1));
        collected += 1;
        assert!(Instant::now() < deadline);
    }
    // Only a full window is a reason to collect first.
    for in_flight in 1..5 {
        assert_eq!(producer.in_flight(), in_flight);
        producer.send(batch()).unwrap();
        sent += 1;
    }
    let error = producer.send(batch()).unwrap_err();
    assert!(matches!(error, Error::InFlight { in_flight: 5 }), "{error}");
    while let Some(produced) = producer.collect().unwrap() {
        assert_eq!(produced.base_offset, Some(collected + 1));
        collected += 1;
    }
    assert_eq!(collected, sent + 1);
}
