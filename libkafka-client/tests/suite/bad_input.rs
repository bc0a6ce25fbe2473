//! Whatever a network or a broker brings: one typed error, and the next call works again.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::{MetadataRequest, MetadataResponse, RequestHeader};
use libkafka_client::protocol::{ApiKey, ErrorCode, Versions, frame};
use libkafka_client::{Client, Config, Error, Phase, RetryMethod};
use libkafka_testdeadline::fails_within;

use crate::scripted::{Server, Step, answer, respond, versions_with};

/// Calls once, which is to fail, and once more, which is not to.
fn fail_then_work(server: &Server) -> Error {
    let mut client = Client::new(server.config()).unwrap();
    let error = client.all_metadata().unwrap_err();
    assert_eq!(client.all_metadata().unwrap().controller_id, 1);
    error
}

#[test]
fn a_refused_connection_is_an_error_of_the_connect_phase() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut client = Client::new(Config::new(address.to_string())).unwrap();
    for _ in 0..2 {
        let error = client.all_metadata().unwrap_err();
        assert!(matches!(&error, Error::Io { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Connect);
        assert!(!error.possibly_written());
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
        let text = error.to_string();
        assert!(text.contains(&address.to_string()), "{text}");
        assert!(text.contains("Metadata"), "{text}");
    }
}

#[test]
fn the_second_bootstrap_address_serves_where_the_first_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let refuses = listener.local_addr().unwrap();
    drop(listener);
    let server = Server::with_steps(ApiKey::METADATA, []);
    let config = format!("{refuses},{}", address(&server));
    let mut client = Client::new(Config::new(config)).unwrap();
    assert_eq!(client.all_metadata().unwrap().controller_id, 1);
}

fn address(server: &Server) -> String {
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    client.brokers().next().unwrap().address.to_string()
}

#[test]
fn an_unknown_topic_is_told_by_its_code() {
    let server = Server::with_steps(ApiKey::METADATA, []);
    let mut client = Client::new(server.config()).unwrap();
    let error = client.leader("unknown", 0).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    let error = client.leader("t", 7).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    assert_eq!(client.leader("t", 0).unwrap().id, 1);
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused_before_anything_is_done() {
    for bootstrap in ["a:b", "[::1", "a:1;b:1", "a:0"] {
        let error = Client::new(Config::new(bootstrap)).unwrap_err();
        assert!(matches!(error, Error::Bootstrap(_)), "{error:?}");
    }
    for bootstrap in ["", ",", "kafka://a:1", "SSL://a:1", "SASL_PLAINTEXT://a:1"] {
        let error = Client::new(Config::new(bootstrap)).unwrap_err();
        let option = "bootstrap";
        assert!(
            matches!(error, Error::Config { option: o, .. } if o == option),
            "{error:?}"
        );
    }
    let zero = Duration::ZERO;
    let config = || Config::new("a");
    for (config, name) in [
        (config().timeout(zero), "timeout"),
        (config().connect_timeout(zero), "connect_timeout"),
        (config().max_in_flight(0), "max_in_flight"),
        (config().max_response_bytes(0), "max_response_bytes"),
    ] {
        let error = Client::new(config).unwrap_err();
        assert!(
            matches!(error, Error::Config { option, .. } if option == name),
            "{error:?}"
        );
        assert_eq!(error.retry_method(), RetryMethod::GiveUp);
    }
}

#[test]
fn garbage_instead_of_a_response_is_an_error_of_its_own() {
    // The right correlation id, then nonsense: ApiVersions was request 1, this is 2.
    let mut garbage = vec![0, 0, 0, 20, 0, 0, 0, 2];
    garbage.extend([0xa5; 16]);
    let server = Server::with_steps(ApiKey::METADATA, [Step::Write(garbage)]);
    let error = fail_then_work(&server);
    assert!(matches!(&error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.retry_method(), RetryMethod::GiveUp);
    assert!(error.possibly_written());
}

#[test]
fn a_peer_that_is_no_kafka_is_found_out_while_negotiating() {
    let html = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    let server = Server::with_steps(ApiKey::API_VERSIONS, [Step::WriteAndClose(html)]);
    let error = fail_then_work(&server);
    // "HTTP" as a length is more than a gigabyte.
    assert!(matches!(error, Error::ResponseLength { .. }), "{error:?}");
    assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
    assert!(!error.possibly_written());
}

#[test]
fn an_api_or_version_that_the_broker_lacks_is_named_before_anything_is_sent() {
    for broker in [Versions::NONE, Versions::new(20, 21)] {
        let mut first = true;
        let server = Server::start(move |header| match header.request_api_key {
            ApiKey::API_VERSIONS if std::mem::take(&mut first) => {
                Step::Write(respond(header, &versions_with(ApiKey::METADATA, broker)))
            }
            _ => Step::Answer,
        });
        let mut client = Client::new(server.config()).unwrap();
        let error = client.all_metadata().unwrap_err();
        assert!(
            matches!(&error, Error::Version { broker: b, .. } if *b == broker),
            "{error:?}"
        );
        assert!(!error.possibly_written());
        assert_eq!(server.requests(ApiKey::METADATA), []);
        // A later call works; of another API on the same connection here.
        client
            .call(&libkafka_client::protocol::messages::ApiVersionsRequest::default())
            .unwrap();
    }
}

#[test]
fn a_field_that_the_version_lacks_is_an_error_and_not_left_out() {
    let server = Server::with_steps(ApiKey::METADATA, []);
    let config = server.config().max_version(ApiKey::METADATA, 4);
    let mut client = Client::new(config).unwrap();
    let request = MetadataRequest {
        include_topic_authorized_operations: true,
        ..Default::default()
    };
    let error = client.call(&request).unwrap_err();
    assert!(matches!(&error, Error::Encode { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("include_topic_authorized_operations") && text.contains("v4"),
        "{text}"
    );
    assert!(!error.possibly_written());
    assert_eq!(server.requests(ApiKey::METADATA), []);
    client.all_metadata().unwrap();
}

#[test]
fn a_frame_that_claims_two_gibibytes_is_refused_without_memory_for_it() {
    for length in [i32::MAX, -1, i32::MIN] {
        let claim = length.to_be_bytes().to_vec();
        let server = Server::with_steps(ApiKey::METADATA, [Step::Write(claim)]);
        let error = fail_then_work(&server);
        assert!(
            matches!(&error, Error::ResponseLength { length: l, .. } if *l == length),
            "{error:?}"
        );
    }
}

#[test]
fn a_wrong_correlation_id_is_named_with_both_ids() {
    let mut first = true;
    let server = Server::start(move |header| match header.request_api_key {
        ApiKey::METADATA if std::mem::take(&mut first) => {
            let mut header = header.clone();
            header.correlation_id += 7;
            Step::Write(respond(&header, &MetadataResponse::default()))
        }
        _ => Step::Answer,
    });
    let error = fail_then_work(&server);
    assert!(
        matches!(error, Error::CorrelationId { expected, found, .. } if found == expected + 7),
        "{error:?}"
    );
}

#[test]
fn a_connection_cut_at_any_byte_of_a_response_is_an_error_and_the_next_call_works() {
    let whole = {
        let header = libkafka_client::protocol::messages::RequestHeader {
            request_api_key: ApiKey::METADATA,
            request_api_version: 13,
            correlation_id: 2,
            ..Default::default()
        };
        answer(&header, 9092)
    };
    for cut in 0..whole.len() {
        let step = Step::WriteAndClose(whole[..cut].to_vec());
        let server = Server::with_steps(ApiKey::METADATA, [step]);
        let error = fail_then_work(&server);
        assert!(
            matches!(&error, Error::Closed { .. }),
            "at {cut}: {error:?}"
        );
        assert_eq!(error.at().unwrap().phase, Phase::Read);
        assert!(error.possibly_written());
    }
}

#[test]
fn a_response_of_the_wrong_length_is_an_error_and_the_next_call_works() {
    let shorter = |by: i32| {
        let mut first = true;
        Server::start(move |header| match header.request_api_key {
            ApiKey::METADATA if std::mem::take(&mut first) => {
                let mut bytes = answer(header, 9092);
                let length = (bytes.len() - frame::LENGTH_SIZE) as i32 - by;
                bytes[..4].copy_from_slice(&length.to_be_bytes());
                Step::Write(bytes)
            }
            _ => Step::Answer,
        })
    };
    for by in [1, 5] {
        let error = fail_then_work(&shorter(by));
        assert!(matches!(&error, Error::Decode { .. }), "{error:?}");
    }
}

#[test]
fn silence_ends_with_the_deadline_and_the_error_names_the_phase() {
    for (api, phase) in [
        (ApiKey::API_VERSIONS, Phase::Negotiate),
        (ApiKey::METADATA, Phase::Read),
    ] {
        let server = Server::with_steps(api, [Step::Ignore]);
        let time = Duration::from_secs(1);
        let mut client = Client::new(server.config()).unwrap();
        let started = Instant::now();
        let error = fails_within(time, || client.within(time).all_metadata());
        assert!(started.elapsed() >= time);
        assert!(matches!(&error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, phase);
        assert_eq!(error.possibly_written(), phase == Phase::Read);
        client.all_metadata().unwrap();
    }
}

/// What a sane broker answers, with a byte after its end.
fn with_a_byte_more(header: &RequestHeader) -> Vec<u8> {
    let mut frame = answer(header, 1);
    frame.push(0);
    let length = frame.len() as i32 - 4;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    frame
}

#[test]
fn bytes_after_a_response_are_overlooked_and_counted_unless_none_are_to_be() {
    let server = Server::start(|header| Step::Write(with_a_byte_more(header)));
    let mut client = Client::new(server.config()).unwrap();
    assert_eq!(client.all_metadata().unwrap().controller_id, 1);
    let overlooked = client.last_exchange().unwrap().overlooked;
    assert_eq!(overlooked.trailing_bytes, 1);

    let strict = server.config().strict_responses(true);
    let error = Client::new(strict).unwrap().all_metadata().unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.at().unwrap().api.unwrap().0, ApiKey::METADATA);
}
