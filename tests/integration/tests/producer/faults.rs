//! Partitions and brokers in trouble, and the others beside them.

use libkafka_client::delivery::Reason;
use libkafka_client::{Acks, Error};
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::Fault;

use super::*;

/// The time of a batch that is to use it up, and to be sent before that on a busy machine too.
const SHORT: Duration = Duration::from_secs(2);

#[test]
fn a_partition_without_a_leader_stops_no_other_and_the_error_names_it() {
    let broker = Broker::builder().topic("t", 3).start().unwrap();
    let config = ProducerConfig::new().batch_bytes(1000).memory(100_000);
    let producer = producer_with(&broker, config);
    producer.send(&to(0, "first"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    broker.remove_leader("t", 1);
    let value = "x".repeat(100);
    // Until its share is used up, and it has heard why.
    let (partition, cause) = loop {
        match producer.send(&to(1, &value), Duration::from_millis(50)) {
            Err(Error::BufferFull { partition, cause }) => {
                if let Some(cause) = cause {
                    break (partition, cause);
                }
            }
            sent => drop(sent.unwrap()),
        }
    };
    assert_eq!(partition.to_string(), "t-1");
    let code = cause.code();
    assert!(
        matches!(
            code,
            Some(ErrorCode::NOT_LEADER_OR_FOLLOWER | ErrorCode::LEADER_NOT_AVAILABLE)
        ),
        "{code:?}"
    );
    for n in 0..2000 {
        producer.send(&to(n % 2 * 2, &value), LONG).unwrap();
    }
    // All but one are done with, a little later.
    let partition = libkafka_integration::until(|| {
        let unfinished = producer.flush(Duration::from_millis(100));
        match unfinished.unwrap_err() {
            Error::Unfinished {
                partition,
                partitions,
                ..
            } => (partitions == 1).then_some(partition),
            error => panic!("{error}"),
        }
    });
    assert_eq!(partition.to_string(), "t-1");
    assert_eq!(values(&broker, 0).len() + values(&broker, 2).len(), 2001);
    broker.move_leader("t", 1, 1);
    producer.flush(LONG).unwrap();
    all_stored(&producer);
}

#[test]
fn a_broker_that_is_silent_stops_no_other() {
    let broker = Broker::builder().nodes(3).topic("t", 3).start().unwrap();
    for partition in 0..3 {
        broker.move_leader("t", partition, partition + 1);
    }
    let config = ProducerConfig::new().batch_bytes(1000).memory(100_000);
    let producer = producer_with(&broker, config);
    let silent = broker.inject(Fault::on(ApiKey::PRODUCE).node(2).pause());
    let value = "x".repeat(100);
    producer.send(&to(1, &value), LONG).unwrap();
    while producer
        .send(&to(1, &value), Duration::from_millis(50))
        .is_ok()
    {}
    for n in 0..2000 {
        producer.send(&to(n % 2 * 2, &value), LONG).unwrap();
    }
    libkafka_integration::until(|| {
        let _ = producer.flush(Duration::from_millis(200));
        let stored = values(&broker, 0).len() + values(&broker, 2).len();
        (stored == 2000).then_some(())
    });
    assert!(producer.memory_used() <= 100_000);
    silent.release();
    producer.flush(LONG).unwrap();
    all_stored(&producer);
}

#[test]
fn a_batch_that_is_refused_fails_alone_and_comes_back_with_its_records() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer(&broker);
    let fault = Fault::on(ApiKey::PRODUCE).skip(1).times(1);
    let fault = broker.inject(fault.error(ErrorCode::MESSAGE_TOO_LARGE));
    for value in ["a", "b", "c"] {
        producer.send(&to(0, value), LONG).unwrap();
        producer.flush(LONG).unwrap();
    }
    assert_eq!(fault.hits(), 1);
    assert_eq!(values(&broker, 0), ["a", "c"]);
    let deliveries = deliveries(&producer);
    let failure = deliveries[&(0, 1)].outcome.as_ref().unwrap_err();
    assert_eq!(failure.reason, Reason::Refused);
    assert!(!failure.possibly_written);
    let records = Batch::parse(&failure.batch).unwrap();
    let records = records.records().unwrap();
    assert_eq!(
        records.iter().next().unwrap().unwrap().value,
        Some(&b"b"[..])
    );
    let code = failure.error.as_ref().unwrap().code();
    assert_eq!(code, Some(ErrorCode::MESSAGE_TOO_LARGE));
}

#[test]
fn without_numbers_a_batch_in_doubt_is_reported_or_sent_again_as_the_caller_wants() {
    for at_least_once in [false, true] {
        let broker = Broker::builder().topic("t", 1).start().unwrap();
        let config = ProducerConfig::new()
            .idempotent(false)
            .at_least_once(at_least_once);
        let producer = producer_with(&broker, config);
        // Stored, and the answer is lost.
        let _fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).reset());
        producer.send(&to(0, "a"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        producer.send(&to(0, "b"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        let first = &deliveries(&producer)[&(0, 0)];
        if at_least_once {
            assert_eq!(values(&broker, 0), ["a", "a", "b"]);
            assert!(first.outcome.is_ok(), "{first}");
            assert_eq!(first.tries.len(), 2);
            assert!(first.tries[0].possibly_written && first.tries[1].error.is_none());
        } else {
            assert_eq!(values(&broker, 0), ["a", "b"]);
            let failure = first.outcome.as_ref().unwrap_err();
            assert_eq!(failure.reason, Reason::InDoubt);
            assert!(failure.possibly_written);
        }
    }
}

#[test]
fn a_batch_whose_delivery_time_is_over_fails_and_those_after_it_go_on() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new().delivery_time(SHORT);
    let producer = producer_with(&broker, config);
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    broker.remove_leader("t", 0);
    producer.send(&to(0, "b"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    let failed = &deliveries(&producer)[&(0, 1)];
    let failure = failed.outcome.as_ref().unwrap_err();
    assert_eq!(failure.reason, Reason::Expired);
    assert!(!failure.possibly_written);
    assert!(failed.finished - failed.opened >= SHORT);
    broker.move_leader("t", 0, 1);
    let stored = || {
        producer.send(&to(0, "c"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        values(&broker, 0).contains(&"c".to_owned()).then_some(())
    };
    libkafka_integration::until(stored);
}

#[test]
fn a_batch_in_flight_when_its_time_is_over_is_in_doubt_and_the_partition_takes_a_new_id() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new().delivery_time(SHORT);
    let producer = producer_with(&broker, config);
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    let held = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    producer.send(&to(0, "b"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    let failed = &deliveries(&producer)[&(0, 1)];
    let failure = failed.outcome.as_ref().unwrap_err();
    assert_eq!(failure.reason, Reason::Expired);
    assert!(failure.possibly_written);
    held.release();
    libkafka_integration::until(|| {
        producer.send(&to(0, "c"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        (producer_ids(&broker, 0).len() == 2).then_some(())
    });
}

#[test]
fn a_batch_whose_time_is_over_in_flight_puts_no_other_in_doubt() {
    let broker = Broker::builder().topic("t", 2).start().unwrap();
    let config = ProducerConfig::new().delivery_time(Duration::from_secs(6));
    let producer = producer_with(&broker, config);
    for partition in 0..2 {
        producer.send(&to(partition, "a"), LONG).unwrap();
    }
    producer.flush(LONG).unwrap();
    let held = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    let early = producer.send(&to(0, "b"), LONG).unwrap();
    let unfinished = producer.flush(Duration::from_secs(4));
    assert!(matches!(unfinished, Err(Error::Unfinished { .. })));
    let late = producer.send(&to(1, "b"), LONG).unwrap();
    let early = producer.delivery_of(&early, LONG).unwrap();
    let failure = early.outcome.as_ref().unwrap_err();
    assert_eq!(failure.reason, Reason::Expired);
    assert!(failure.possibly_written);
    held.release();
    let late = producer.delivery_of(&late, LONG).unwrap();
    assert!(late.outcome.is_ok(), "{late}");
    assert_eq!(late.tries.len(), 1, "{late:?}");
    // On the same connection, so that the first was stored before it.
    assert_eq!(values(&broker, 0), ["a", "b"]);
}

#[test]
fn a_batch_that_was_never_sent_is_not_in_doubt_when_its_time_is_over_or_the_producer_closes() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    for partition in 0..2 {
        broker.move_leader("t", partition, partition + 1);
    }
    for (time, reason) in [(SHORT, Reason::Expired), (LONG, Reason::Closed)] {
        let config = ProducerConfig::new().delivery_time(time);
        let producer = producer_with(&broker, config);
        producer.send(&to(0, "a"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        // It is connected, and not asked what it can do: its batch waits on the lane.
        let deaf = Fault::on(ApiKey::API_VERSIONS).node(2).pause();
        let deaf = broker.inject(deaf);
        let ticket = producer.send(&to(1, "b"), LONG).unwrap();
        if reason == Reason::Closed {
            // It comes as far as that.
            libkafka_integration::until(|| {
                let _ = producer.flush(Duration::from_millis(20));
                (deaf.hits() > 0).then_some(())
            });
        } else {
            let _ = producer.delivery_of(&ticket, LONG);
        }
        let failed = producer.close(Duration::ZERO);
        let delivery = failed.first().cloned();
        let delivery = delivery.or_else(|| producer.delivery_of(&ticket, Duration::ZERO));
        let delivery = delivery.expect("a delivery");
        let failure = delivery.outcome.as_ref().unwrap_err();
        assert_eq!(failure.reason, reason);
        assert!(!failure.possibly_written, "{failure}");
        assert_eq!(deaf.hits(), 1);
        deaf.remove();
    }
    assert!(values(&broker, 1).is_empty());
}

#[test]
fn without_acknowledgements_batches_are_done_once_they_are_written() {
    let broker = Broker::builder().nodes(2).topic("t", 4).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().acks(Acks::None));
    for partition in 0..4 {
        producer.send(&to(partition, "a"), LONG).unwrap();
    }
    producer.flush(LONG).unwrap();
    all_stored(&producer);
    for partition in 0..4 {
        libkafka_integration::until(|| (values(&broker, partition) == ["a"]).then_some(()));
        assert_eq!(producer_ids(&broker, partition), [-1]);
    }
}

#[test]
fn without_acknowledgements_what_a_lost_connection_had_not_taken_is_in_doubt() {
    let broker = Broker::builder().nodes(2).topic("t", 1).start().unwrap();
    broker.move_leader("t", 0, 2);
    let config = ProducerConfig::new()
        .acks(Acks::None)
        .memory(64 << 20)
        .partition_memory(64 << 20);
    let producer = producer_with(&broker, config);
    let deaf = broker.inject(Fault::on(ApiKey::PRODUCE).node(2).pause());
    // More than the system buffers.
    let value = "x".repeat(500_000);
    for _ in 0..60 {
        producer.send(&to(0, &value), LONG).unwrap();
    }
    // Until the system takes no more.
    let mut before = 0;
    libkafka_integration::until(|| {
        let unfinished = producer.flush(Duration::from_millis(300));
        assert!(matches!(unfinished, Err(Error::Unfinished { .. })));
        let left = producer.memory_used();
        (deaf.hits() > 0 && std::mem::replace(&mut before, left) == left).then_some(())
    });
    broker.stop_node(2);
    deaf.release();
    producer.flush(LONG).unwrap();
    let deliveries = deliveries(&producer);
    let failures = deliveries
        .values()
        .filter_map(|delivery| delivery.outcome.as_ref().err());
    let failures: Vec<_> = failures.collect();
    assert!(!failures.is_empty(), "some were never written");
    for failure in failures {
        assert_eq!(failure.reason, Reason::InDoubt);
        assert!(failure.possibly_written && !failure.batch.is_empty());
    }
    libkafka_integration::until(|| {
        producer.send(&to(0, "after"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        values(&broker, 0)
            .contains(&"after".to_owned())
            .then_some(())
    });
}

#[test]
fn a_broker_that_comes_back_elsewhere_in_time_is_found() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let producer = producer(&broker);
    for partition in 0..2 {
        producer.send(&to(partition, "a"), LONG).unwrap();
    }
    producer.flush(LONG).unwrap();
    broker.stop_node(2);
    for partition in 0..2 {
        producer.send(&to(partition, "b"), LONG).unwrap();
    }
    producer.flush(LONG).unwrap();
    for partition in 0..2 {
        assert_eq!(values(&broker, partition), ["a", "b"]);
    }
    all_stored(&producer);
}
