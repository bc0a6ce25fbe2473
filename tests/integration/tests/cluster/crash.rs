//! A broker that is all there is dies and comes back.

use std::time::Instant;

use libkafka_client::{Client, Config, Error, PartitionProducer, ProducerOptions, RetryPolicy};
use libkafka_integration::{batch, values};
use libkafka_testkafka::{Kafka, require};

use crate::LONG;

#[test]
fn a_killed_broker_is_an_error_at_once_and_the_same_client_works_when_it_is_back() {
    require!();
    // It may come back as soon as the controller, which dies with it, takes it for dead.
    let builder = Kafka::builder().property("broker.session.timeout.ms", "4000");
    let kafka = builder.start().unwrap();
    let mut client = Client::new(Config::new(kafka.bootstrap()).timeout(LONG)).unwrap();
    client
        .create_topic(libkafka_client::NewTopic::new("crash"))
        .unwrap();
    let policy = RetryPolicy::for_idempotent_calls();
    let idempotent = |client: &mut Client| {
        client.producer_with("crash", 0, ProducerOptions::new().idempotent(true))
    };
    let mut producer = policy.run(LONG, &mut client, idempotent).unwrap();
    let mut fetcher = client.fetcher("crash", 0).unwrap();
    let mut produce = |value: &str| {
        let batch = producer.stamp(batch(&[value])).unwrap();
        let produce = |producer: &mut PartitionProducer| producer.produce(batch.clone());
        policy.run(LONG, &mut producer, produce).unwrap();
    };
    produce("before");
    assert_eq!(values(&mut fetcher), ["before"]);

    kafka.kill(1);
    let started = Instant::now();
    // On the connections that there were, and then none is to be had.
    for _ in 0..2 {
        for error in [
            client.all_metadata().unwrap_err(),
            fetcher.fetch().unwrap_err(),
        ] {
            let gone = matches!(error, Error::Closed { .. } | Error::Io { .. });
            assert!(gone, "{error:?}");
        }
    }
    // So much one of these would take that waited for its deadline.
    assert!(started.elapsed() < LONG);
    kafka.restart(1).unwrap();

    produce("after");
    client.all_metadata().unwrap();
    policy
        .run(LONG, &mut fetcher, |fetcher| fetcher.fetch())
        .unwrap();
    assert_eq!(values(&mut fetcher), ["after"]);
    fetcher.seek(0);
    assert_eq!(values(&mut fetcher), ["before", "after"]);
}
