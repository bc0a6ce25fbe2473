//! A timeout for some calls is over with them, whatever becomes of them.

use std::time::{Duration, Instant};

use libkafka_client::batch::Builder;
use libkafka_client::protocol::messages::{InitProducerIdResponse, ProduceRequest};
use libkafka_client::protocol::{ApiKey, Bytes};
use libkafka_client::{
    Client, Error, PartitionProducer, ProducerOptions, RetryMethod, RetryPolicy, Retryable,
};

use crate::scripted::{Server, Step, respond};
use crate::small_calls::produced;

/// No call succeeds in so little.
const NO_TIME: Duration = Duration::from_nanos(1);

fn server() -> Server {
    Server::start(|header| match header.request_api_key {
        ApiKey::PRODUCE => Step::Write(respond(header, &produced())),
        ApiKey::INIT_PRODUCER_ID => {
            Step::Write(respond(header, &InitProducerIdResponse::default()))
        }
        _ => Step::Answer,
    })
}

fn batch() -> Bytes {
    let mut builder = Builder::new();
    builder.add("key", "value").unwrap();
    builder.build_bytes().unwrap()
}

/// A producer with one batch in flight.
fn in_flight(server: &Server) -> PartitionProducer {
    let mut client = Client::new(server.config()).unwrap();
    let mut producer = client
        .producer_with("t", 0, ProducerOptions::new().idempotent(true))
        .unwrap();
    producer.send(batch()).unwrap();
    producer
}

fn times_out<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}

#[test]
fn a_timeout_holds_for_as_long_as_its_guard_lives_and_guards_nest() {
    let server = server();
    let mut client = Client::new(server.config()).unwrap();
    times_out(client.within(NO_TIME).all_metadata());
    client.all_metadata().unwrap();

    let mut hasty = client.within(NO_TIME);
    times_out(hasty.all_metadata());
    hasty
        .within(Duration::from_secs(30))
        .all_metadata()
        .unwrap();
    times_out(hasty.all_metadata());
    drop(hasty);
    client.all_metadata().unwrap();
}

#[test]
fn a_call_that_needs_no_deadline_leaves_none_behind() {
    let server = server();
    let mut client = Client::new(server.config()).unwrap();
    let error = client.within(NO_TIME).call(&ProduceRequest::default());
    assert!(matches!(error, Err(Error::NoTarget { .. })), "{error:?}");
    client.all_metadata().unwrap();
    client.within(NO_TIME).brokers().count();
    client.all_metadata().unwrap();
}

#[test]
fn a_call_that_is_refused_while_batches_are_in_flight_leaves_no_deadline_behind() {
    let server = server();
    let mut producer = in_flight(&server);
    let is_refused = |result: Result<_, Error>| {
        assert!(matches!(result, Err(Error::Uncollected { in_flight: 1 })));
    };
    is_refused(producer.within(NO_TIME).produce(batch()).map(drop));
    is_refused(producer.within(NO_TIME).renew().map(drop));
    is_refused(producer.within(NO_TIME).refresh().map(drop));
    is_refused(Retryable::refresh(&mut *producer.within(NO_TIME)));
    assert!(producer.collect().unwrap().is_some());
    producer.renew().unwrap();
}

#[test]
fn a_retry_loop_leaves_no_deadline_behind_however_it_ends() {
    let server = server();
    let mut client = Client::new(server.config()).unwrap();
    let policy = RetryPolicy::default();
    policy.run(NO_TIME, &mut client, |_| Ok(())).unwrap();
    client.all_metadata().unwrap();
    let failed = policy.run(NO_TIME, &mut client, |_| Err::<(), _>(Error::NotIdempotent));
    failed.unwrap_err();
    client.all_metadata().unwrap();
    // An error that asks for a refresh, which has a deadline of its own.
    let mut tries = 0;
    let run = policy.run(Duration::from_secs(1), &mut client, |_| {
        tries += 1;
        let error = Error::UnknownBroker { id: 7 };
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
        Err::<(), _>(error)
    });
    run.unwrap_err();
    assert!(tries >= 2, "{tries}");
    client.all_metadata().unwrap();
}

#[test]
fn a_retry_loop_ends_every_call_within_its_time() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::PRODUCE => Step::Ignore,
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config()).unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    let time = Duration::from_millis(300);
    let started = Instant::now();
    let run = RetryPolicy::default().run(time, &mut producer, |producer| {
        // The second call has no more time than the first has left over.
        let first = producer.within(Duration::from_millis(100)).produce(batch());
        times_out(first);
        producer.within(Duration::from_secs(60)).produce(batch())
    });
    times_out(run);
    assert!(started.elapsed() < Duration::from_secs(10));
}
