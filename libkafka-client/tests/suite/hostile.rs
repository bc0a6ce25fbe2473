//! Brokers that say what no broker would: no panic, no end of work, no memory without a reason, and
//! the same client works with a sane one.

use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::api_versions::ApiVersion;
use libkafka_client::protocol::messages::metadata::MetadataResponseBroker;
use libkafka_client::protocol::messages::{
    ApiVersionsRequest, ApiVersionsResponse, MetadataResponse, SaslAuthenticateResponse,
    SaslHandshakeResponse,
};
use libkafka_client::protocol::{ApiKey, ErrorCode, frame};
use libkafka_client::{Client, Error, Phase, Plain, RetryMethod, Target};
use libkafka_testdeadline::fails_within;

use crate::scripted::{Server, Step, answer, respond};

/// A server whose first metadata names these brokers.
fn naming(brokers: Vec<MetadataResponseBroker>) -> Server {
    let mut metadata = Some(MetadataResponse {
        brokers,
        ..Default::default()
    });
    Server::start(move |header| match header.request_api_key {
        ApiKey::METADATA => match metadata.take() {
            Some(metadata) => Step::Write(respond(header, &metadata)),
            None => Step::Answer,
        },
        _ => Step::Answer,
    })
}

fn broker(node_id: i32, host: &str, port: i32) -> MetadataResponseBroker {
    MetadataResponseBroker {
        node_id,
        host: host.to_owned(),
        port,
        ..Default::default()
    }
}

#[test]
fn a_broker_that_is_nowhere_is_an_error_of_the_call_that_needs_it() {
    let long = "x".repeat(1000);
    for (host, port) in [
        ("", 9092),
        ("\0", 9092),
        (&long, 9092),
        ("127.0.0.1", 0),
        ("127.0.0.1", -1),
        ("127.0.0.1", 65_536),
        ("127.0.0.1", i32::MIN),
    ] {
        let server = naming(vec![broker(7, host, port)]);
        let mut client = Client::new(server.config()).unwrap();
        client.all_metadata().unwrap();
        let request = ApiVersionsRequest::default();
        let error = client.call_to(Target::Broker(7), &request).unwrap_err();
        let is_typed = matches!(error, Error::Io { .. } | Error::UnknownBroker { id: 7 });
        assert!(is_typed, "{host:.9}:{port}: {error:?}");
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
        assert!(!error.possibly_written());
        client.all_metadata().unwrap();
        client.call_to(Target::Broker(1), &request).unwrap();
    }
}

#[test]
fn a_cluster_of_very_many_brokers_takes_no_more_than_its_bytes_do() {
    let all = 0..100_000;
    // In an order that is none, and each twice.
    let brokers = all.clone().map(|n| broker((n * 7919) % 50_000, "h", 1));
    let server = naming(brokers.collect());
    let mut client = Client::new(server.config()).unwrap();
    let started = Instant::now();
    client.all_metadata().unwrap();
    assert_eq!(client.brokers().count(), 50_000);
    // By the square of their number it would be minutes.
    assert!(started.elapsed() < Duration::from_secs(60));
    client.all_metadata().unwrap();
    assert_eq!(client.brokers().count(), 1);
}

#[test]
fn brokers_that_do_not_answer_leave_time_for_the_bootstrap_address_however_many_they_are() {
    // A port where connections are taken by nobody but the system.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().into();
    let closing = Step::WriteAndClose;
    let brokers: Vec<_> = (0..5000).map(|id| broker(id, "127.0.0.1", port)).collect();
    let metadata = MetadataResponse {
        brokers,
        ..Default::default()
    };
    let server = Server::start(move |header| match header.request_api_key {
        ApiKey::METADATA => closing(respond(header, &metadata)),
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    server.wait_until_closed();
    std::thread::sleep(Duration::from_millis(2));
    for _ in 0..2 {
        let mut hasty = client.within(Duration::from_secs(4));
        assert_eq!(hasty.all_metadata().unwrap().brokers.len(), 5000);
        server.wait_until_closed();
    }
}

#[test]
fn versions_that_are_refused_again_and_again_come_to_an_end() {
    let mut refusals = 0;
    let server = Server::start(move |header| match header.request_api_key {
        ApiKey::API_VERSIONS if refusals < 100 => {
            refusals += 1;
            let mut header = header.clone();
            header.request_api_version = 0;
            let refusal = ApiVersionsResponse {
                error_code: ErrorCode::UNSUPPORTED_VERSION,
                api_keys: vec![ApiVersion {
                    api_key: ApiKey::API_VERSIONS,
                    min_version: i16::MIN,
                    max_version: i16::MAX,
                    ..Default::default()
                }],
                ..Default::default()
            };
            Step::Write(respond(&header, &refusal))
        }
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config()).unwrap();
    let error = client.all_metadata().unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::UNSUPPORTED_VERSION));
    assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
    // Each version there is, once.
    let asked = server.requests(ApiKey::API_VERSIONS).len();
    assert_eq!(asked, 6);
}

#[test]
fn versions_that_make_no_sense_are_as_good_as_none() {
    for (min, max) in [(5, 3), (i16::MIN, -1), (i16::MAX, i16::MIN)] {
        let mut first = true;
        let server = Server::start(move |header| match header.request_api_key {
            ApiKey::API_VERSIONS if std::mem::take(&mut first) => {
                let nonsense = ApiVersion {
                    api_key: ApiKey::METADATA,
                    min_version: min,
                    max_version: max,
                    ..Default::default()
                };
                let response = ApiVersionsResponse {
                    api_keys: vec![nonsense; 1000],
                    ..Default::default()
                };
                Step::Write(respond(header, &response))
            }
            _ => Step::Answer,
        });
        let mut client = Client::new(server.config()).unwrap();
        let error = client.all_metadata().unwrap_err();
        assert!(matches!(error, Error::Version { .. }), "{error:?}");
        assert!(!error.possibly_written());
    }
}

#[test]
fn a_throttle_of_weeks_is_for_those_to_obey_who_want_to() {
    let throttling = || {
        let mut first = true;
        Server::start(move |header| match header.request_api_key {
            ApiKey::METADATA if std::mem::take(&mut first) => {
                let metadata = MetadataResponse {
                    throttle_time_ms: i32::MAX,
                    ..Default::default()
                };
                Step::Write(respond(header, &metadata))
            }
            _ => Step::Answer,
        })
    };
    let server = throttling();
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    let throttle = client.last_exchange().unwrap().throttle;
    assert_eq!(throttle, Duration::from_millis(i32::MAX as u64));
    client.all_metadata().unwrap();

    let server = throttling();
    let config = server.config().honour_throttle(true);
    let mut client = Client::new(config.max_age(Duration::from_secs(3))).unwrap();
    client.all_metadata().unwrap();
    let at_once = Duration::from_secs(2);
    let error = fails_within(at_once, || client.all_metadata());
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert!(!error.possibly_written());
    // It holds for the connection, and no connection lives for ever.
    let deadline = Instant::now() + Duration::from_secs(60);
    while client.all_metadata().is_err() {
        assert!(Instant::now() < deadline);
    }
}

/// A server that lets everyone in, for a session of so many milliseconds.
fn sessions(lifetime: i64) -> Server {
    Server::start(move |header| match header.request_api_key {
        ApiKey::SASL_HANDSHAKE => Step::Write(respond(header, &SaslHandshakeResponse::default())),
        ApiKey::SASL_AUTHENTICATE => {
            let response = SaslAuthenticateResponse {
                session_lifetime_ms: lifetime,
                ..Default::default()
            };
            Step::Write(respond(header, &response))
        }
        _ => Step::Answer,
    })
}

#[test]
fn a_session_without_an_end_is_never_renewed() {
    for lifetime in [0, -1, i64::MIN, i64::MAX] {
        let server = sessions(lifetime);
        let config = server.config().sasl(Plain::new("alice", "secret"));
        let mut client = Client::new(config).unwrap();
        for _ in 0..10 {
            client.all_metadata().unwrap();
        }
        assert_eq!(server.requests(ApiKey::SASL_AUTHENTICATE).len(), 1);
        assert_eq!(server.requests(ApiKey::METADATA).len(), 10);
    }
}

#[test]
fn a_session_that_ends_at_once_is_renewed_for_each_call_and_no_more() {
    let server = sessions(1);
    let config = server.config().sasl(Plain::new("alice", "secret"));
    let mut client = Client::new(config).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut calls = 0;
    while server.requests(ApiKey::SASL_AUTHENTICATE).len() < 5 {
        client.all_metadata().unwrap();
        calls += 1;
        assert!(Instant::now() < deadline, "it is not renewed");
    }
    assert!(calls >= 5);
    assert_eq!(server.requests(ApiKey::METADATA).len(), calls);
    assert_eq!(server.requests(ApiKey::API_VERSIONS).len(), 1);
}

#[test]
fn answers_of_a_broker_that_is_not_trusted_yet_have_a_small_limit() {
    const LIMIT: usize = 1024 * 1024;
    for api in [
        ApiKey::API_VERSIONS,
        ApiKey::SASL_HANDSHAKE,
        ApiKey::SASL_AUTHENTICATE,
    ] {
        let server = Server::start(move |header| match header.request_api_key {
            asked if asked == api => {
                let length = LIMIT as i32 + 1;
                Step::Write(length.to_be_bytes().to_vec())
            }
            ApiKey::SASL_HANDSHAKE => {
                let plain = SaslHandshakeResponse {
                    mechanisms: vec!["PLAIN".into()],
                    ..Default::default()
                };
                Step::Write(respond(header, &plain))
            }
            _ => Step::Answer,
        });
        let config = server.config().sasl(Plain::new("alice", "secret"));
        let error = Client::new(config).unwrap().all_metadata().unwrap_err();
        let is_refused = matches!(error, Error::ResponseLength { limit: LIMIT, .. });
        assert!(is_refused, "{api}: {error}");
    }
}

#[test]
fn bytes_after_a_response_are_overlooked() {
    let server = Server::start_with_port(|header, port| match header.request_api_key {
        ApiKey::METADATA => {
            let mut bytes = answer(header, port);
            bytes.push(0);
            let length = (bytes.len() - frame::LENGTH_SIZE) as i32;
            bytes[..frame::LENGTH_SIZE].copy_from_slice(&length.to_be_bytes());
            Step::Write(bytes)
        }
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config()).unwrap();
    for _ in 0..2 {
        assert_eq!(client.all_metadata().unwrap().brokers.len(), 1);
    }
    assert_eq!(server.requests(ApiKey::API_VERSIONS).len(), 1);
}
