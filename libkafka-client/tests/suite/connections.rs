//! When a connection is used again, and when a new one is made.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use libkafka_client::protocol::messages::metadata::MetadataRequestTopic;
use libkafka_client::protocol::messages::{ApiVersionsResponse, MetadataRequest, RequestHeader};
use libkafka_client::protocol::{ApiKey, ErrorCode, Versions};
use libkafka_client::{Client, Error, Exchange, Observer, Phase};
use libkafka_testdeadline::fails_within;

#[cfg(feature = "log")]
use crate::lines;
use crate::scripted::{Server, Step, answer, respond, versions_with};

#[test]
fn one_connection_serves_many_calls() {
    let server = Server::with_steps(ApiKey::METADATA, []);
    let mut client = Client::new(server.config()).unwrap();
    for _ in 0..10 {
        client.all_metadata().unwrap();
    }
    assert_eq!(server.requests(ApiKey::API_VERSIONS).len(), 1);
    let ids: Vec<i32> = server
        .requests(ApiKey::METADATA)
        .iter()
        .map(|header| header.correlation_id)
        .collect();
    assert_eq!(ids, Vec::from_iter(2..12));
}

#[test]
fn a_connection_that_the_broker_closed_while_idle_is_replaced_unnoticed() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::METADATA => Step::WriteAndClose(answer(header, 9)),
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config()).unwrap();
    for _ in 0..3 {
        // The answer names a broker that nobody is: only the bootstrap address leads anywhere.
        client.all_metadata().unwrap();
        server.wait_until_closed();
        // After a pause this short the connection would not be looked at.
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(server.requests(ApiKey::API_VERSIONS).len(), 3);
}

#[test]
fn a_connection_is_not_used_beyond_its_idle_limit_or_age() {
    let zero = Duration::ZERO;
    for limit in [
        |config: libkafka_client::Config, zero| config.max_idle(zero),
        |config: libkafka_client::Config, zero| config.max_age(zero),
    ] {
        let server = Server::with_steps(ApiKey::METADATA, []);
        let mut client = Client::new(limit(server.config(), zero)).unwrap();
        client.all_metadata().unwrap();
        client.all_metadata().unwrap();
        assert_eq!(server.requests(ApiKey::API_VERSIONS).len(), 2);
    }
}

/// A broker that knows ApiVersions up to `max`, and says so as brokers do: `list` since 2.4.
fn older_broker(max: i16, list: bool) -> Server {
    Server::start(move |header| {
        if header.request_api_key != ApiKey::API_VERSIONS {
            return Step::Answer;
        }
        let has = Versions::new(0, max);
        if header.request_api_version <= max {
            return Step::Write(respond(header, &versions_with(ApiKey::API_VERSIONS, has)));
        }
        let mut refusal = ApiVersionsResponse {
            error_code: ErrorCode::UNSUPPORTED_VERSION,
            ..Default::default()
        };
        if list {
            refusal.api_keys = versions_with(ApiKey::API_VERSIONS, has).api_keys;
        }
        let header = RequestHeader {
            request_api_version: 0,
            ..header.clone()
        };
        Step::Write(respond(&header, &refusal))
    })
}

#[test]
fn api_versions_falls_back_to_what_the_broker_has() {
    for (max, list, tried) in [
        (5, true, &[5][..]),
        (4, true, &[5, 4]),
        (3, true, &[5, 3]),
        (2, false, &[5, 0]),
        (0, false, &[5, 0]),
    ] {
        let server = older_broker(max, list);
        let mut client = Client::new(server.config()).unwrap();
        client.all_metadata().unwrap();
        let versions: Vec<i16> = server
            .requests(ApiKey::API_VERSIONS)
            .iter()
            .map(|header| header.request_api_version)
            .collect();
        assert_eq!(versions, tried);
    }
}

/// A broker that knows ApiVersions up to `max`, and refuses others by this body.
fn refusing_broker(max: i16, body: &'static [u8]) -> Server {
    Server::start(move |header| {
        if header.request_api_key != ApiKey::API_VERSIONS || header.request_api_version <= max {
            return Step::Answer;
        }
        let mut frame = (4 + body.len() as i32).to_be_bytes().to_vec();
        frame.extend(header.correlation_id.to_be_bytes());
        frame.extend(body);
        Step::Write(frame)
    })
}

#[test]
fn a_broker_that_refuses_versions_in_its_own_way_is_reached_and_asked_right_the_next_time() {
    for (max, body, tried) in [
        // Version 1: with nothing in it, and with a range.
        (2, &[0, 35, 0, 0, 0, 0, 0, 0, 0, 0][..], &[5, 4, 3, 2][..]),
        (
            2,
            &[0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0],
            &[5, 2],
        ),
        // Version 3, as a broker has it that knows no 4.
        (
            3,
            &[0, 35, 2, 0, 18, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0],
            &[5, 4, 3],
        ),
        // librdkafka's mock cluster.
        (2, &[0, 35, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0], &[5, 4, 3, 2]),
        // Nothing but the code.
        (0, &[0, 35], &[5, 4, 3, 2, 1, 0]),
    ] {
        let server = refusing_broker(max, body);
        let config = server.config();
        Client::new(config.clone()).unwrap().all_metadata().unwrap();
        Client::new(config).unwrap().all_metadata().unwrap();
        let versions: Vec<i16> = server
            .requests(ApiKey::API_VERSIONS)
            .iter()
            .map(|header| header.request_api_version)
            .collect();
        assert_eq!(versions, [tried, &[max]].concat(), "{body:?}");
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<(Exchange, bool)>>);

impl Observer for Seen {
    fn exchange(&self, exchange: &Exchange, error: Option<&Error>) {
        let mut seen = self.0.lock().unwrap();
        seen.push((exchange.clone(), error.is_none()));
    }
}

#[test]
fn an_observer_sees_every_exchange_and_the_last_one_stays_on_record() {
    let seen = Arc::new(Seen::default());
    let closing = Step::WriteAndClose(Vec::new());
    let server = Server::with_steps(ApiKey::METADATA, [Step::Answer, closing]);
    let mut client = Client::new(server.config().observer(seen.clone())).unwrap();
    client.all_metadata().unwrap();
    client.all_metadata().unwrap_err();

    let last = client.last_exchange().unwrap().clone();
    assert_eq!((last.api_key, last.version), (ApiKey::METADATA, 13));
    assert!(last.request_bytes > 0 && last.response_bytes == 0);
    assert_eq!(last.broker.id, Some(1));

    let seen = seen.0.lock().unwrap();
    let apis: Vec<_> = seen.iter().map(|(e, ok)| (e.api_key, *ok)).collect();
    let expected = [
        (ApiKey::API_VERSIONS, true),
        (ApiKey::METADATA, true),
        (ApiKey::METADATA, false),
    ];
    assert_eq!(apis, expected);
    let first = &seen[1].0;
    assert!(first.timings.connect > Duration::ZERO && first.timings.negotiate > Duration::ZERO);
    assert!(first.response_bytes > 0 && first.timings.read > Duration::ZERO);
    assert_eq!(last.timings.connect, Duration::ZERO);
}

#[test]
fn a_request_that_the_broker_does_not_read_is_a_timeout_of_the_write_phase() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::API_VERSIONS if header.client_id.as_deref() == Some("stuck") => Step::AnswerAndStop,
        _ => Step::Answer,
    });
    let mut client = Client::new(server.config().client_id("stuck")).unwrap();
    let request = MetadataRequest {
        // More than any socket buffers.
        topics: Some(vec![
            MetadataRequestTopic {
                name: Some("x".repeat(30_000)),
                ..Default::default()
            };
            1000
        ]),
        ..Default::default()
    };
    let time = Duration::from_secs(3);
    let error = fails_within(time, || client.within(time).call(&request));
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert_eq!(error.at().unwrap().phase, Phase::Write);
    assert!(error.possibly_written());
    assert!(error.at().unwrap().written < 30_000_000);
}

#[cfg(feature = "log")]
#[test]
fn connections_failures_and_exchanges_are_logged() {
    lines::all();
    let closing = Step::WriteAndClose(Vec::new());
    let server = Server::with_steps(ApiKey::METADATA, [Step::Answer, closing]);
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    client.all_metadata().unwrap_err();
    // Those of other tests are among them: by its address it is told which are this one's.
    let address = client.brokers().next().unwrap().address.to_string();
    let mut lines = lines::all();
    lines.retain(|(_, line)| line.contains(&address));
    let has = |level, text: &str| {
        lines
            .iter()
            .any(|(l, line)| *l == level && line.contains(text))
    };
    assert!(has(log::Level::Debug, "connected to broker"), "{lines:?}");
    assert!(
        has(log::Level::Trace, "Metadata (3) v13 with broker"),
        "{lines:?}"
    );
    assert!(has(log::Level::Debug, "closed the connection"), "{lines:?}");
}

#[test]
fn clients_move_between_threads_and_what_is_plain_is_shared() {
    fn moves<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    moves::<Client>();
    moves::<libkafka_client::PartitionProducer>();
    moves::<libkafka_client::PartitionFetcher>();
    moves::<libkafka_client::ProduceLane>();
    moves::<libkafka_client::FetchLane>();
    moves::<libkafka_client::GroupMember>();
    is_shared::<libkafka_client::Config>();
    is_shared::<Error>();
    is_shared::<Exchange>();
    is_shared::<libkafka_client::Waker>();
}
