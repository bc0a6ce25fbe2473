//! Brokers that stand still.

use std::time::{Duration, Instant};

use libkafka_client::{
    Client, Error, FetchOptions, PartitionProducer, Phase, ProducerOptions, RetryPolicy,
};
use libkafka_integration::{batch, fails_within, values};
use libkafka_testkafka::require;

use crate::{LONG, client, cluster, create, in_sync, shown, until};

#[test]
fn a_leader_that_stops_is_a_timeout_within_the_deadline_and_serves_again_when_it_goes_on() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "stopped");
    let policy = RetryPolicy::for_idempotent_calls();
    let mut producer = policy
        .run(LONG, &mut client, |client| {
            client.producer_with("stopped", 0, ProducerOptions::new().idempotent(true))
        })
        .unwrap();
    let first = producer.stamp(batch(&["first"])).unwrap();
    producer.produce(first).unwrap();
    let leader = producer.leader().id;

    kafka.pause(leader);
    let second = producer.stamp(batch(&["second"])).unwrap();
    let time = Duration::from_secs(1);
    // On the open connection, and then on one that the system accepts for the broker.
    for phase in [Phase::Read, Phase::Negotiate] {
        let started = Instant::now();
        let error = fails_within(time, || producer.within(time).produce(second.clone()));
        assert!(started.elapsed() >= time);
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, phase);
        assert_eq!(error.possibly_written(), phase == Phase::Read);
    }
    kafka.resume(leader);

    let produced = policy.run(LONG, &mut producer, |producer| {
        producer.produce(second.clone())
    });
    produced.unwrap();
    let mut fetcher = client.fetcher("stopped", 0).unwrap();
    shown(&mut fetcher, 2);
    assert_eq!(values(&mut fetcher), ["first", "second"]);
}

#[test]
fn a_fetch_from_a_leader_that_stops_is_a_timeout_and_goes_on_where_it_was() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "fetched");
    let mut producer = client.producer("fetched", 0).unwrap();
    producer.produce(batch(&["first", "second"])).unwrap();
    let wait = Duration::from_millis(200);
    let mut fetcher = client
        .fetcher_with("fetched", 0, FetchOptions::new().max_wait(wait))
        .unwrap();
    fetcher.seek(1);
    fetcher.fetch().unwrap();
    let leader = fetcher.leader().id;

    kafka.pause(leader);
    let time = Duration::from_secs(1);
    let started = Instant::now();
    let error = fails_within(time + wait, || fetcher.within(time).fetch());
    assert!(started.elapsed() >= time);
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert_eq!(fetcher.offset(), 1);
    kafka.resume(leader);

    shown(&mut fetcher, 2);
    assert_eq!(values(&mut fetcher), ["second"]);
}

#[test]
fn production_moves_on_to_a_new_leader_while_the_old_one_stands_still() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "moved");
    until(|| (in_sync(&mut client, "moved") == 3).then_some(()));
    let policy = RetryPolicy::for_idempotent_calls();
    let idempotent = |client: &mut Client| {
        client.producer_with("moved", 0, ProducerOptions::new().idempotent(true))
    };
    let mut producer = policy.run(LONG, &mut client, idempotent).unwrap();
    let expected: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    let mut old = None;
    for value in &expected {
        if value == "5" {
            old = Some(producer.leader().id);
            kafka.pause(producer.leader().id);
        }
        let batch = producer.stamp(batch(&[value])).unwrap();
        let produce = |producer: &mut PartitionProducer| {
            // Its share of the time, so that there is some left for the new leader.
            let mut hasty = producer.within(Duration::from_secs(2));
            hasty.produce(batch.clone())
        };
        policy.run(LONG, &mut producer, produce).unwrap();
    }
    let old = old.unwrap();
    assert_ne!(producer.leader().id, old);
    kafka.resume(old);
    // For a while it takes itself for the leader still, and has what it had before.
    let moved = |client: &mut Client| client.leader("moved", 0).is_ok_and(|l| l.id != old);
    until(|| (moved(&mut client) && in_sync(&mut client, "moved") == 3).then_some(()));
    let mut fetcher = client.fetcher("moved", 0).unwrap();
    shown(&mut fetcher, 10);
    assert_eq!(values(&mut fetcher), expected);
}

#[test]
fn the_other_brokers_answer_while_one_stands_still() {
    require!();
    let kafka = cluster();
    let mut fresh = client(&kafka);
    for paused in kafka.ids() {
        kafka.pause(paused);
        // Whichever is asked first: it takes no more than its share of the time.
        let metadata = fresh.broker_metadata();
        kafka.resume(paused);
        let error = match metadata {
            Ok(_) => continue,
            Err(error) => error,
        };
        // The connection that is open may be to the one that stands still.
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        kafka.pause(paused);
        let again = fresh.broker_metadata();
        kafka.resume(paused);
        again.unwrap();
    }
}
