//! Leaders are killed while records come and go.

use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::thread;
use std::time::Instant;

use bytes::Bytes;
use libkafka_batch::Builder;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Client, Error, FetchPosition, Fetched, PartitionFetcher, PartitionProducer, ProducerOptions,
    RetryPolicy,
};
use libkafka_testkafka::{Kafka, require};

use crate::course::Course;
use crate::{LONG, client, cluster, create, in_sync, until};

const A_BATCH: u64 = 50;

/// The idempotent producer.
const ONCE: usize = 0;
/// The other one.
const PLAIN: usize = 1;

/// A batch with the numbers from `first` on.
fn numbers_from(first: u64) -> Bytes {
    let mut builder = Builder::new();
    for number in first..first + A_BATCH {
        builder.add((), &number.to_be_bytes()).unwrap();
    }
    builder.build_bytes().unwrap()
}

/// The numbers of all records, in their order.
fn numbers(fetched: &Fetched, fetcher: &mut PartitionFetcher) -> Vec<u64> {
    let mut numbers = Vec::new();
    for batch in fetched.batches() {
        let batch = batch.unwrap();
        for record in &batch.records().unwrap() {
            let value = record.unwrap().value.unwrap();
            numbers.push(u64::from_be_bytes(value.try_into().unwrap()));
        }
        // With the epoch, so that a log that lost what was read would show.
        let epoch = batch.header.partition_leader_epoch;
        fetcher.seek(FetchPosition::new(batch.next_offset()).last_fetched_epoch(epoch));
    }
    numbers
}

/// All numbers in the log.
fn all_numbers(client: &mut Client, topic: &str) -> Vec<u64> {
    let policy = RetryPolicy::for_idempotent_calls();
    let fetcher = policy.run(LONG, client, |client| client.fetcher(topic, 0));
    let mut fetcher = fetcher.unwrap();
    let mut all = Vec::new();
    loop {
        let fetched = policy.run(LONG, &mut fetcher, |f| f.fetch()).unwrap();
        all.extend(numbers(&fetched, &mut fetcher));
        if fetcher.offset() >= fetched.high_watermark {
            return all;
        }
    }
}

/// Sends all batches through a pipeline of five, again and in order where it breaks.
fn produce_once(producer: &mut PartitionProducer, course: &Course) {
    let policy = RetryPolicy::for_idempotent_calls();
    let mut firsts = course.records().step_by(A_BATCH as usize).peekable();
    // Stamped and not acknowledged; the first `sent` of them are in flight.
    let mut pending: VecDeque<(u64, Bytes)> = VecDeque::new();
    let (mut sent, mut failures) = (0, 0);
    loop {
        if pending.is_empty() {
            let Some(&first) = firsts.peek() else { return };
            course.wait_until_open(ONCE, first);
        }
        while pending.len() < 5
            && let Some(first) = firsts.next_if(|first| course.is_open(ONCE, *first))
        {
            pending.push_back((first, producer.stamp(numbers_from(first)).unwrap()));
        }
        let result = if sent < pending.len() {
            let batch = pending[sent].1.clone();
            producer.send(batch).map(|()| sent += 1)
        } else {
            producer.collect().map(|_| {
                let (first, _) = pending.pop_front().unwrap();
                (sent, failures) = (sent - 1, 0);
                course.done(ONCE, first + A_BATCH);
            })
        };
        let Err(error) = result else { continue };
        course.failed(ONCE);
        // Those behind it were refused as well, or their outcome is as unknown: all are sent again.
        while let Ok(Some(_)) | Err(Error::Broker { .. }) = producer.collect() {}
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

/// Produces all batches, each again only if it is certain that it is not in the log. Returns the
/// first numbers of those that were acknowledged.
fn produce_at_most_once(producer: &mut PartitionProducer, course: &Course) -> Vec<u64> {
    let policy = RetryPolicy::default();
    let mut acknowledged = Vec::new();
    for first in course.records().step_by(A_BATCH as usize) {
        course.wait_until_open(PLAIN, first);
        let batch = numbers_from(first);
        let result = policy.run(LONG, producer, |producer| {
            let result = producer.produce(batch.clone());
            result.inspect_err(|_| course.failed(PLAIN))
        });
        match result {
            Ok(_) => acknowledged.push(first),
            Err(error) => assert!(error.possibly_written(), "{error:?}"),
        }
        course.done(PLAIN, first + A_BATCH);
    }
    acknowledged
}

/// Reads all numbers as they come.
fn follow(fetcher: &mut PartitionFetcher, course: &Course) {
    let policy = RetryPolicy::for_idempotent_calls();
    let mut expected = course.records();
    let mut deadline = Instant::now() + LONG;
    while !expected.is_empty() {
        assert!(Instant::now() < deadline, "no record since {expected:?}");
        let fetched = policy.run(LONG, fetcher, |f| f.fetch()).unwrap();
        for number in numbers(&fetched, fetcher) {
            assert_eq!(Some(number), expected.next());
            deadline = Instant::now() + 2 * LONG;
        }
    }
}

/// Kills the leader of both topics in the middle of each stretch of the course.
fn kill_leaders(kafka: &Kafka, course: &Course, topics: &[String]) {
    let mut client = client(kafka);
    for stretch in course.stretches() {
        course.until_middle(stretch);
        let leader = client.leader(&topics[ONCE], 0).unwrap().id;
        let failures = course.runners()[ONCE].failures;
        kafka.kill(leader);
        course.until_end(stretch);
        let harmed = course.runners()[ONCE].failures > failures;
        assert!(harmed, "production went on as if broker {leader} lived");
        kafka.restart(leader).unwrap();
        // The next may be the last other one that has all records: wait until none is behind.
        for topic in topics {
            until(|| (in_sync(&mut client, topic) == 3).then_some(()));
        }
        course.open(stretch + 1);
    }
}

/// Produces so many records by both producers and reads them, while leaders are killed.
fn survive(records: u64, kills: u64) {
    let kafka = cluster();
    let mut client = client(&kafka);
    let topics = ["once", "plain"].map(|name| format!("{name}-{kills}"));
    for topic in &topics {
        create(&mut client, topic);
    }
    let policy = RetryPolicy::for_idempotent_calls();
    let idempotent = |client: &mut Client| {
        client.producer_with(&topics[ONCE], 0, ProducerOptions::new().idempotent(true))
    };
    let mut once = policy.run(LONG, &mut client, idempotent).unwrap();
    let mut plain = client.producer(&topics[PLAIN], 0).unwrap();
    let mut fetcher = client.fetcher(&topics[ONCE], 0).unwrap();
    let course = Course::new(records, kills);
    let started = Instant::now();
    let acknowledged = thread::scope(|scope| {
        scope.spawn(|| produce_once(&mut once, &course));
        scope.spawn(|| follow(&mut fetcher, &course));
        let plain = scope.spawn(|| produce_at_most_once(&mut plain, &course));
        kill_leaders(&kafka, &course, &topics);
        plain.join().unwrap()
    });
    let took = started.elapsed().as_secs_f32();

    let once = all_numbers(&mut client, &topics[ONCE]);
    assert!(once.iter().copied().eq(0..records), "{}", once.len());

    let plain = all_numbers(&mut client, &topics[PLAIN]);
    let distinct: BTreeSet<u64> = plain.iter().copied().collect();
    assert_eq!(
        distinct.len(),
        plain.len(),
        "a batch was refused for certain, and is there all the same"
    );
    let mut expected = acknowledged
        .iter()
        .flat_map(|first| *first..first + A_BATCH);
    assert_eq!(expected.find(|number| !distinct.contains(number)), None);

    let acknowledged = acknowledged.len() as u64 * A_BATCH;
    show(&format!(
        "{kills} leaders killed in {took:.0} s, {records} records for each producer\n\
         idempotent: {records} acknowledged, {} found, {}\n\
         plain: {acknowledged} acknowledged, {} found, {}\n",
        once.len(),
        course.runners()[ONCE],
        plain.len(),
        course.runners()[PLAIN],
    ));
}

/// Prints. Not by `println`, which the test harness keeps to itself when a test passes.
fn show(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

#[test]
fn no_acknowledged_record_is_lost_or_there_twice_when_leaders_are_killed() {
    require!();
    survive(20_000, 2);
}

#[test]
#[ignore = "minutes: the same with ten kills and 100,000 records"]
fn no_acknowledged_record_is_lost_or_there_twice_when_ten_leaders_are_killed() {
    require!();
    survive(100_000, 10);
}
