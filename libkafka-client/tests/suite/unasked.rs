//! What a broker sends, or does, although nobody asked.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::batch::Builder;
use libkafka_client::protocol::messages::ProduceResponse;
use libkafka_client::protocol::{ApiKey, Bytes};
use libkafka_client::{
    Acks, Client, Config, Error, PartitionProducer, Phase, ProducerOptions, RetryMethod,
};

use crate::scripted::{Server, Step, respond};

fn batch() -> Bytes {
    let mut builder = Builder::new();
    builder.add("key", "value").unwrap();
    builder.build_bytes().unwrap()
}

fn producer(server: &Server) -> PartitionProducer {
    let mut client = Client::new(server.config()).unwrap();
    let options = ProducerOptions::new().acks(Acks::None);
    client.producer_with("t", 0, options).unwrap()
}

/// Produces until something is noticed.
fn first_error(producer: &mut PartitionProducer) -> Error {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        assert!(Instant::now() < deadline, "nothing is noticed");
        if let Err(error) = producer.produce(batch()) {
            return error;
        }
        // After a pause this short a connection would not be looked at.
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_connection_that_ends_after_a_request_without_an_answer_is_an_error_of_that_request() {
    let mut refusals = 3;
    let server = Server::start(move |header| match header.request_api_key {
        ApiKey::PRODUCE if refusals > 0 => {
            refusals -= 1;
            Step::WriteAndClose(Vec::new())
        }
        ApiKey::PRODUCE => Step::Ignore,
        _ => Step::Answer,
    });
    let mut producer = producer(&server);
    for _ in 0..3 {
        let error = first_error(&mut producer);
        assert!(matches!(error, Error::Closed { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().api.unwrap().0, ApiKey::PRODUCE);
        assert!(error.possibly_written());
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
    }
    // It is said once for each.
    for _ in 0..5 {
        producer.produce(batch()).unwrap();
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn an_answer_to_a_request_that_asks_for_none_is_said_to_be_that() {
    let mut answers = 1;
    let server = Server::start(move |header| match header.request_api_key {
        ApiKey::PRODUCE if answers > 0 => {
            answers -= 1;
            Step::Write(respond(header, &ProduceResponse::default()))
        }
        ApiKey::PRODUCE => Step::Ignore,
        _ => Step::Answer,
    });
    let mut producer = producer(&server);
    let error = first_error(&mut producer);
    let produce = ApiKey::PRODUCE;
    assert!(
        matches!(error, Error::Unsolicited { answered: Some(api), .. } if api == produce),
        "{error:?}"
    );
    assert!(error.to_string().contains("Produce"), "{error}");
    producer.produce(batch()).unwrap();
}

#[test]
fn bytes_that_come_before_any_request_are_said_to_be_that() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // A frame that could be one.
            let _ = stream.write_all(&[0, 0, 0, 6, 0, 0, 0, 1, 0, 0]);
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    let mut client = Client::new(Config::new(address.to_string())).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    // Now and then the request is faster.
    loop {
        assert!(Instant::now() < deadline);
        let error = client.all_metadata().unwrap_err();
        assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
        assert!(!error.possibly_written());
        if matches!(error, Error::Unsolicited { answered: None, .. }) {
            break;
        }
    }
}
