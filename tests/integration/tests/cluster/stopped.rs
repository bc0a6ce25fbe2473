//! Brokers that stand still.

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::Builder;
use libkafka_client::{Error, Phase, RetryPolicy};
use libkafka_testkafka::require;

use crate::{client, cluster, create};

fn batch(value: &str) -> Bytes {
    let mut builder = Builder::new();
    builder.add((), value).unwrap();
    builder.build_bytes().unwrap()
}

#[test]
fn a_leader_that_stops_is_a_timeout_within_the_deadline_and_serves_again_when_it_goes_on() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "stopped");
    let policy = RetryPolicy::for_idempotent_calls();
    let long = Duration::from_secs(60);
    let mut producer = policy
        .run(long, &mut client, |client| {
            client.producer("stopped", 0)?.idempotent()
        })
        .unwrap();
    let first = producer.stamp(batch("first")).unwrap();
    producer.produce(first).unwrap();
    let leader = producer.leader().id;

    kafka.pause(leader);
    let second = producer.stamp(batch("second")).unwrap();
    let time = Duration::from_secs(1);
    // On the open connection, and then on one that the system accepts for the broker.
    for phase in [Phase::Read, Phase::Negotiate] {
        let started = Instant::now();
        let error = producer.within(time).produce(second.clone()).unwrap_err();
        let took = started.elapsed();
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, phase);
        assert_eq!(error.possibly_written(), phase == Phase::Read);
        assert!(took >= time && took < time + time / 10, "{took:?}");
    }
    kafka.resume(leader);

    let produced = policy.run(long, &mut producer, |producer| {
        producer.produce(second.clone())
    });
    produced.unwrap();
    let mut fetcher = client.fetcher("stopped", 0).unwrap();
    let fetched = policy
        .run(long, &mut fetcher, |fetcher| fetcher.fetch())
        .unwrap();
    let mut values = Vec::new();
    for batch in fetched.batches() {
        for record in &batch.unwrap().records().unwrap() {
            values.push(record.unwrap().value.unwrap().to_vec());
        }
    }
    assert_eq!(values, [b"first".to_vec(), b"second".to_vec()]);
}

#[test]
fn the_other_brokers_answer_while_one_stands_still() {
    require!();
    let kafka = cluster();
    let mut fresh = client(&kafka);
    for paused in kafka.ids() {
        kafka.pause(paused);
        // Whichever is asked first: it takes no more than its share of the time.
        let metadata = fresh.metadata(Some(&[]));
        kafka.resume(paused);
        let error = match metadata {
            Ok(_) => continue,
            Err(error) => error,
        };
        // The connection that is open may be to the one that stands still.
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        kafka.pause(paused);
        let again = fresh.metadata(Some(&[]));
        kafka.resume(paused);
        again.unwrap();
    }
}
