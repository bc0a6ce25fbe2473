//! Batches that ask for no acknowledgement.

use std::sync::Arc;

use libkafka_client::RetryMethod;

use super::*;

#[test]
fn without_acknowledgement_a_batch_is_done_once_it_is_sent() {
    let broker = broker();
    let mut client = client(&broker);
    let mut lane = lane_with(&client, &broker, ProduceLaneOptions::new().acks(Acks::None));
    for partition in 0..3 {
        lane.push(batch(partition, "a"));
    }
    for outcome in outcomes(&mut lane, 3) {
        assert_eq!(outcome.result.unwrap().base_offset, None);
    }
    // Answers on the same connection come after it, and there is none but for these.
    let until = Instant::now() + LONG;
    while logs(&mut client, 3) != [["a"], ["a"], ["a"]] {
        assert!(Instant::now() < until);
    }
}

/// The error that a lane that has nothing to do is told of.
fn error_while_idle(lane: &mut ProduceLane) -> Error {
    let until = Deadline::after(LONG);
    loop {
        assert!(!wait(&[&*lane], until).unwrap().is_empty(), "no error");
        if let Err(error) = lane.advance() {
            return error;
        }
        assert!(lane.next_outcome().is_none());
    }
}

#[test]
fn a_connection_that_ends_after_a_batch_without_acknowledgement_is_an_error_and_not_silence() {
    let broker = Broker::builder().nodes(2).topic("t", 6).start().unwrap();
    let mut client = client(&broker);
    let of = |partition| broker.leader("t", partition).unwrap();
    let options = ProduceLaneOptions::new().acks(Acks::None);
    let mut lane = client.produce_lane(of(0), options).unwrap();
    lane.push(batch(0, "a"));
    outcomes(&mut lane, 1).remove(0).result.unwrap();
    // The broker cannot say otherwise that it does not lead the partition.
    let wrong = (0..6).find(|partition| of(*partition) != of(0)).unwrap();
    lane.push(batch(wrong, "lost"));
    let outcome = outcomes(&mut lane, 1).remove(0);
    // It may be quicker than the look at the connection after the write.
    assert_eq!(outcome.possibly_written, outcome.result.is_err());
    let error = match outcome.result {
        Ok(_) => Arc::new(error_while_idle(&mut lane)),
        Err(error) => error,
    };
    assert!(matches!(*error, Error::Closed { .. }), "{error:?}");
    assert!(error.possibly_written());
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    lane.push(batch(0, "b"));
    outcomes(&mut lane, 1).remove(0).result.unwrap();
    let until = Deadline::after(LONG);
    while logs(&mut client, 1) != [["a", "b"]] {
        assert!(!until.is_past());
    }
    assert_eq!(broker.offsets("t", wrong), 0..0);
}

#[test]
fn a_connection_that_ends_among_many_unacknowledged_batches_is_told_once_and_what_waits_goes_on() {
    let broker = broker();
    let client = client(&broker);
    let options = ProduceLaneOptions::new().acks(Acks::None);
    let mut lane = lane_with(&client, &broker, options);
    let fault = Fault::on(ApiKey::PRODUCE).skip(3).times(1);
    let fault = broker.inject(fault.hang_up());
    let until = Deadline::after(LONG);
    let mut errors = Vec::new();
    while errors.is_empty() {
        assert!(!until.is_past(), "no error after {} hits", fault.hits());
        lane.push(batch(0, "x"));
        errors.extend(lane.advance().err().map(Arc::new));
        while let Some(outcome) = lane.next_outcome() {
            if let Err(error) = outcome.result {
                assert_eq!(outcome.possibly_written, error.possibly_written());
                errors.push(error);
            }
        }
    }
    // All batches that were on it are told of the same one.
    errors.dedup_by(|one, other| Arc::ptr_eq(one, other));
    assert_eq!((errors.len(), fault.hits()), (1, 1), "{errors:?}");
    let error = &errors[0];
    assert!(
        matches!(**error, Error::Closed { .. } | Error::Io { .. }),
        "{error:?}"
    );
    // What had not been sent goes with the next connection.
    let waiting = lane.waiting();
    lane.push(batch(1, "y"));
    for outcome in outcomes(&mut lane, waiting + 1) {
        outcome.result.unwrap();
    }
    while broker.offsets("t", 1) != (0..1) {
        assert!(!until.is_past());
        std::thread::yield_now();
    }
}
