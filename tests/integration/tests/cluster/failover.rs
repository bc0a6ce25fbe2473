//! Leaders are killed while records come and go.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::Builder;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, PartitionProducer, RetryPolicy};
use libkafka_testkafka::{Kafka, require};

use crate::{client, cluster, create, wait_for};

const RECORDS: u64 = 100_000;
const A_BATCH: u64 = 50;
const KILLS: u64 = 10;
const LONG: Duration = Duration::from_secs(60);

/// A batch with the numbers from `first` on.
fn batch(first: u64) -> Bytes {
    let mut builder = Builder::new();
    for number in first..first + A_BATCH {
        builder.add((), &number.to_be_bytes()).unwrap();
    }
    builder.build_bytes().unwrap()
}

/// Kills the leader each time that another tenth of the records is acknowledged, and starts it
/// again, while `produce` goes on in another thread and counts what is acknowledged.
fn with_kills(kafka: &Kafka, topic: &str, produce: impl FnOnce(&AtomicU64) + Send) {
    let acknowledged = AtomicU64::new(0);
    thread::scope(|scope| {
        let producing = scope.spawn(|| produce(&acknowledged));
        let mut client = client(kafka);
        for kill in 0..KILLS {
            let mark = (kill * 2 + 1) * RECORDS / (KILLS * 2);
            while acknowledged.load(Ordering::Relaxed) < mark {
                assert!(
                    !producing.is_finished(),
                    "production ended before kill {kill}"
                );
                thread::yield_now();
            }
            let mut leader = -1;
            wait_for(
                || {
                    client.leader(topic, 0).is_ok_and(|l| {
                        leader = l.id;
                        kafka.is_running(l.id)
                    })
                },
                "leader",
            );
            kafka.kill(leader);
            kafka.restart(leader).unwrap();
            // The next may be the last other one that has all records: wait until none is behind.
            wait_for(|| in_sync(&mut client, topic) == 3, "full replica set");
        }
        producing.join().unwrap();
    });
}

fn in_sync(client: &mut Client, topic: &str) -> usize {
    let metadata = client.metadata(Some(&[topic]));
    let topics = metadata.map(|metadata| metadata.topics).unwrap_or_default();
    let partitions = topics.iter().flat_map(|topic| &topic.partitions);
    partitions.map(|p| p.isr_nodes.len()).max().unwrap_or(0)
}

/// All numbers in the log, in their order.
fn numbers(client: &mut Client, topic: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    let policy = RetryPolicy::for_idempotent_calls();
    let fetcher = policy.run(LONG, client, |client| client.fetcher(topic, 0));
    let mut fetcher = fetcher.unwrap();
    loop {
        let fetched = policy.run(LONG, &mut fetcher, |f| f.fetch()).unwrap();
        for batch in fetched.batches() {
            let batch = batch.unwrap();
            for record in &batch.records().unwrap() {
                let value = record.unwrap().value.unwrap();
                numbers.push(u64::from_be_bytes(value.try_into().unwrap()));
            }
            fetcher.seek(batch.next_offset());
        }
        if fetcher.offset() >= fetched.high_watermark {
            return numbers;
        }
    }
}

#[test]
fn no_acknowledged_record_is_lost_when_leaders_are_killed() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "acknowledged");
    let mut producer = client.producer("acknowledged", 0).unwrap();
    with_kills(&kafka, "acknowledged", |acknowledged| {
        let policy = RetryPolicy::for_idempotent_calls();
        for first in (0..RECORDS).step_by(A_BATCH as usize) {
            let batch = batch(first);
            let produce = |producer: &mut PartitionProducer| producer.produce(batch.clone());
            policy.run(LONG, &mut producer, produce).unwrap();
            acknowledged.fetch_add(A_BATCH, Ordering::Relaxed);
        }
    });
    let mut found: HashMap<u64, usize> = HashMap::new();
    for number in numbers(&mut client, "acknowledged") {
        *found.entry(number).or_default() += 1;
    }
    let lost: Vec<u64> = (0..RECORDS).filter(|n| !found.contains_key(n)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// Sends all batches through a pipeline of five, again and in order where it breaks.
fn produce_in_order(producer: &mut PartitionProducer, acknowledged: &AtomicU64) {
    let policy = RetryPolicy::for_idempotent_calls();
    let firsts: Vec<u64> = (0..RECORDS).step_by(A_BATCH as usize).collect();
    let mut firsts = firsts.into_iter();
    // Stamped and not acknowledged; the first `sent` of them are in flight.
    let mut pending: VecDeque<Bytes> = VecDeque::new();
    let mut sent = 0;
    let mut failures = 0;
    while pending.len() + firsts.len() > 0 {
        while pending.len() < 5
            && let Some(first) = firsts.next()
        {
            pending.push_back(producer.stamp(batch(first)).unwrap());
        }
        let result = if sent < pending.len() {
            producer.send(pending[sent].clone()).map(|()| sent += 1)
        } else {
            producer.collect().map(|_| {
                pending.pop_front();
                (sent, failures) = (sent - 1, 0);
                acknowledged.fetch_add(A_BATCH, Ordering::Relaxed);
            })
        };
        let Err(error) = result else { continue };
        // Those behind it were refused as well, or their outcome is as unknown; all of them are
        // sent again.
        while let Ok(Some(_)) | Err(libkafka_client::Error::Broker { .. }) = producer.collect() {
            assert_ne!(producer.sequence(), None);
        }
        (sent, failures) = (0, failures + 1);
        if error.code() == Some(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER) {
            assert!(failures < 5, "{error}");
            continue;
        }
        let decision = policy.decide(&error, failures, LONG);
        let decision = decision.unwrap_or_else(|| panic!("{error}"));
        thread::sleep(decision.pause);
        if decision.refresh {
            let _ = producer.refresh();
        }
    }
}

#[test]
fn with_idempotence_every_record_is_there_once_and_in_order_when_leaders_are_killed() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "once");
    let policy = RetryPolicy::for_idempotent_calls();
    let mut producer = policy
        .run(LONG, &mut client, |client| {
            client.producer("once", 0)?.idempotent()
        })
        .unwrap();
    with_kills(&kafka, "once", |acknowledged| {
        produce_in_order(&mut producer, acknowledged);
    });
    let numbers = numbers(&mut client, "once");
    assert!(numbers.iter().copied().eq(0..RECORDS), "{}", numbers.len());
}

#[test]
fn a_fetcher_goes_on_where_it_was_when_leaders_are_killed() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "followed");
    let mut producer = client.producer("followed", 0).unwrap();
    let mut fetcher = client.fetcher("followed", 0).unwrap();
    let read = AtomicI64::new(0);
    let policy = RetryPolicy::for_idempotent_calls();
    thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let (mut offset, mut last) = (0, None);
            while offset < 2000 {
                let fetched = policy.run(LONG, &mut fetcher, |f| f.fetch()).unwrap();
                for batch in fetched.batches() {
                    let batch = batch.unwrap();
                    for record in &batch.records().unwrap() {
                        let record = record.unwrap();
                        assert_eq!(record.offset, last.map_or(0, |last: i64| last + 1));
                        last = Some(record.offset);
                    }
                    offset = batch.next_offset();
                    fetcher.seek_behind(offset, batch.header.partition_leader_epoch);
                }
                read.store(offset, Ordering::Relaxed);
            }
        });
        for n in 0..40 {
            if n % 15 == 10 {
                let leader = client.leader("followed", 0).unwrap().id;
                kafka.kill(leader);
                let produce = |p: &mut PartitionProducer| p.produce(batch(n));
                policy.run(LONG, &mut producer, produce).unwrap();
                kafka.restart(leader).unwrap();
                wait_for(|| in_sync(&mut client, "followed") == 3, "full replica set");
            } else {
                let produce = |p: &mut PartitionProducer| p.produce(batch(n));
                policy.run(LONG, &mut producer, produce).unwrap();
            }
            let mark = (n as i64 + 1) * A_BATCH as i64;
            wait_for(|| read.load(Ordering::Relaxed) >= mark, "record read");
        }
        reading.join().unwrap();
    });
}
