//! Answers that are well formed and say something unusual.

use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::{FetchRequest, OffsetCommitRequest, ProduceRequest};
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Client, Commit, Error, OffsetSpec, ProducerOptions, RetryMethod};
use libkafka_testbroker::{Broker, Fault};

use crate::{LONG, batch, broker, client, config, values};

const THROTTLE: Duration = Duration::from_secs(2);

fn throttle(broker: &Broker, time: Duration) -> libkafka_testbroker::FaultHandle {
    let fault = Fault::on(ApiKey::PRODUCE).times(1);
    broker.inject(fault.alter::<ProduceRequest>(move |_, response| {
        response.throttle_time_ms = time.as_millis() as i32;
    }))
}

#[test]
fn a_throttle_is_told_and_kept_only_by_those_who_want_it() {
    let broker = broker();
    // What nobody keeps may be long, so that a busy machine does not look as if it were kept.
    for (honour, time) in [(false, LONG), (true, THROTTLE)] {
        let mut client = Client::new(config(&broker).honour_throttle(honour)).unwrap();
        let mut producer = client.producer("t", 0).unwrap();
        let fault = throttle(&broker, time);
        let produced = producer.produce(batch(&["a"])).unwrap();
        assert_eq!(produced.throttle, time);
        assert_eq!(producer.last_exchange().unwrap().throttle, time);
        drop(fault);
        let started = Instant::now();
        producer.produce(batch(&["b"])).unwrap();
        assert_eq!(started.elapsed() > time / 2, honour);
    }
}

#[test]
fn a_throttle_beyond_the_deadline_is_a_timeout_at_once_and_nothing_is_sent() {
    let broker = broker();
    let mut client = Client::new(config(&broker).honour_throttle(true)).unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    let fault = throttle(&broker, THROTTLE);
    producer.produce(batch(&["a"])).unwrap();
    drop(fault);
    let time = THROTTLE / 2;
    let error = crate::fails_within(time, || producer.within(time).produce(batch(&["b"])));
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert!(!error.possibly_written());
    producer.produce(batch(&["c"])).unwrap();
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), ["a", "c"]);
}

#[test]
fn a_batch_that_does_not_come_whole_is_an_error_with_its_size_and_no_stall() {
    let broker = broker();
    let mut client = client(&broker);
    let batch = batch(&["a value of some length"]);
    let whole = batch.len();
    client.producer("t", 0).unwrap().produce(batch).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    for (left, told) in [(whole - 1, Some(whole)), (20, Some(whole)), (5, None)] {
        let fault = Fault::on(ApiKey::FETCH).times(1);
        let fault = broker.inject(fault.alter::<FetchRequest>(move |_, response| {
            let records = &mut response.responses[0].partitions[0].records;
            records.as_mut().unwrap().truncate(left);
        }));
        let error = fetcher.fetch().unwrap_err();
        assert!(
            matches!(error, Error::BatchTooLarge { offset: 0, size, .. } if size == told),
            "{error:?}"
        );
        assert_eq!(error.retry_method(), RetryMethod::GiveUp);
        drop(fault);
    }
    assert_eq!(fetcher.fetch().unwrap().batches().count(), 1);
}

#[test]
fn an_offset_that_was_deleted_is_out_of_range_with_the_bounds_of_the_log() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    for value in ["a", "b", "c", "d"] {
        producer.produce(batch(&[value])).unwrap();
    }
    broker.delete_before("t", 0, 2);
    let mut fetcher = client.fetcher("t", 0).unwrap();
    let error = fetcher.fetch().unwrap_err();
    assert!(
        matches!(
            error,
            Error::OffsetOutOfRange {
                offset: 0,
                log_start_offset: Some(2),
                end_offset: Some(4),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.code(), Some(ErrorCode::OFFSET_OUT_OF_RANGE));
    assert_eq!(fetcher.offset(), 0, "it never moves by itself");
    fetcher.seek_to(OffsetSpec::Earliest).unwrap();
    assert_eq!(values(&mut fetcher), ["c", "d"]);
}

#[test]
fn an_answer_about_another_partition_is_none() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let fault = Fault::on(ApiKey::PRODUCE).times(1);
    let fault = broker.inject(fault.alter::<ProduceRequest>(|_, response| {
        response.responses[0].partition_responses[0].index = 7;
    }));
    let error = producer.produce(batch(&["a"])).unwrap_err();
    assert!(matches!(error, Error::Missing { .. }), "{error:?}");
    drop(fault);
    producer.produce(batch(&["b"])).unwrap();
}

#[test]
fn a_duplicate_that_the_broker_only_knows_as_such_is_a_success() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client
        .producer_with("t", 0, ProducerOptions::new().idempotent(true))
        .unwrap();
    let batch = producer.stamp(batch(&["a"])).unwrap();
    let fault = Fault::on(ApiKey::PRODUCE).times(1);
    let fault = broker.inject(fault.error(ErrorCode::DUPLICATE_SEQUENCE_NUMBER));
    let produced = producer.produce(batch).unwrap();
    assert!(produced.duplicate && produced.base_offset.is_none());
    assert_eq!(fault.hits(), 1);
}

#[test]
fn fetching_uses_the_memory_of_responses_that_are_done_with() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    producer.produce(batch(&[&"x".repeat(500_000)])).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    let mut places = std::collections::HashSet::new();
    for _ in 0..50 {
        places.insert(fetcher.fetch().unwrap().records.as_ptr());
    }
    // A first buffer that was too small for it is not among them.
    assert_eq!(places.len(), 1);
    let held = fetcher.fetch().unwrap();
    let before = held.records.clone();
    for _ in 0..50 {
        fetcher.fetch().unwrap();
    }
    assert_eq!(held.records, before);
}

#[test]
fn the_first_of_two_answers_to_one_commit_counts() {
    let broker = broker();
    let fault = Fault::on(ApiKey::OFFSET_COMMIT).times(1);
    let fault = broker.inject(fault.alter::<OffsetCommitRequest>(|_, response| {
        let partitions = &mut response.topics[0].partitions;
        let mut second = partitions[0].clone();
        second.error_code = ErrorCode::UNKNOWN_SERVER_ERROR;
        partitions.push(second);
    }));
    let commit = Commit {
        topic: "t",
        offset: 1,
        ..Default::default()
    };
    let results = client(&broker).offsets("g").commit(&[commit]).unwrap();
    assert_eq!(fault.hits(), 1);
    results.into_result().unwrap();
}
