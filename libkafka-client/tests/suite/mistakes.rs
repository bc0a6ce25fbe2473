//! Mistakes in a configuration: the error says what is wrong and what to do about it.

use std::error::Error as _;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::MetadataResponse;
use libkafka_client::protocol::messages::metadata::MetadataResponseTopic;
use libkafka_client::protocol::{ApiKey, ErrorCode, Versions};
use libkafka_client::{Client, Config, Error, Exchange, Observer, Plain, RetryPolicy};

use crate::scripted::{Server, Step, respond, versions_with};

fn first_error(config: Config) -> Error {
    Client::new(config).unwrap().all_metadata().unwrap_err()
}

fn says(error: &Error, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
    assert!(!text.contains('\n'), "{text}");
    assert_eq!(format!("{error:?}"), text);
}

#[test]
fn an_answer_that_is_a_tls_alert_or_http_is_named() {
    for (bytes, word) in [
        (&b"\x15\x03\x03\x00\x02\x02\x50"[..], "Config::tls"),
        (b"\x15\x03\x01\x00\x02\x02\x50", "Config::tls"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
    ] {
        let server = Server::start(move |_| Step::WriteAndClose(bytes.to_vec()));
        let error = first_error(server.config());
        says(&error, &[word, "not a response"]);
        assert!(!error.to_string().contains("claims"), "{error}");
    }
}

#[test]
fn a_connection_that_is_closed_at_the_first_request_says_what_the_listener_may_want() {
    let closing = |from: ApiKey| {
        Server::start(move |header| {
            if header.request_api_key == from {
                Step::WriteAndClose(Vec::new())
            } else {
                Step::Answer
            }
        })
    };
    says(
        &first_error(closing(ApiKey::METADATA).config()),
        &["closed", "SASL", "TLS"],
    );
    says(
        &first_error(closing(ApiKey::API_VERSIONS).config()),
        &["closed", "TLS"],
    );
    // Not so once the cluster has answered.
    let server = Server::with_steps(
        ApiKey::METADATA,
        [Step::Answer, Step::WriteAndClose(Vec::new())],
    );
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    let error = client.all_metadata().unwrap_err();
    assert_eq!(error.hint(), None);
}

/// Keeps what errors say.
#[derive(Default)]
struct Texts(Mutex<Vec<String>>);

impl Observer for Texts {
    fn exchange(&self, _: &Exchange, error: Option<&Error>) {
        let texts = error.map(ToString::to_string);
        self.0.lock().unwrap().extend(texts);
    }
}

#[test]
fn an_observer_is_told_of_a_mistake_as_the_caller_is() {
    for (api, word) in [
        (ApiKey::API_VERSIONS, "may require TLS"),
        (ApiKey::METADATA, "may require SASL"),
    ] {
        let server = Server::start(move |header| {
            if header.request_api_key == api {
                Step::WriteAndClose(Vec::new())
            } else {
                Step::Answer
            }
        });
        let texts = Arc::new(Texts::default());
        let error = first_error(server.config().observer(texts.clone()));
        says(&error, &[word]);
        let texts = texts.0.lock().unwrap();
        assert_eq!(texts.last(), Some(&error.to_string()));
        assert!(texts.iter().all(|text| text.contains(word)), "{texts:?}");
    }
}

#[test]
fn a_controllers_port_is_named() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::API_VERSIONS => {
            let versions = versions_with(ApiKey::METADATA, Versions::NONE);
            Step::Write(respond(header, &versions))
        }
        _ => Step::Answer,
    });
    says(
        &first_error(server.config()),
        &["controller", "bootstrap", "brokers"],
    );
}

#[test]
fn sasl_that_the_listener_lacks_is_named() {
    use libkafka_client::protocol::messages::SaslHandshakeResponse;

    let server = Server::start(|header| match header.request_api_key {
        ApiKey::SASL_HANDSHAKE => {
            let refusal = SaslHandshakeResponse {
                error_code: ErrorCode::ILLEGAL_SASL_STATE,
                ..Default::default()
            };
            Step::Write(respond(header, &refusal))
        }
        _ => Step::Answer,
    });
    let error = first_error(server.config().sasl(Plain::new("alice", "secret")));
    says(&error, &["ILLEGAL_SASL_STATE", "without Config::sasl"]);
}

#[test]
fn every_code_comes_with_what_it_means() {
    let server = Server::start(|header| {
        let refusal = MetadataResponse {
            topics: vec![MetadataResponseTopic {
                name: Some("t".into()),
                error_code: ErrorCode::INVALID_TOPIC_EXCEPTION,
                ..Default::default()
            }],
            ..Default::default()
        };
        match header.request_api_key {
            ApiKey::METADATA => Step::Write(respond(header, &refusal)),
            _ => Step::Answer,
        }
    });
    let mut client = Client::new(server.config()).unwrap();
    let error = client.leader("t", 0).unwrap_err();
    let description = ErrorCode::INVALID_TOPIC_EXCEPTION.description().unwrap();
    says(
        &error,
        &["INVALID_TOPIC_EXCEPTION (17)", "topic t", description],
    );
}

#[test]
fn an_error_names_its_source_once_however_it_is_shown() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let error = first_error(Config::new(address.to_string()));
    says(&error, &["connect", "refused"]);
    // As a report of the whole chain shows it.
    let mut report = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        report += &format!(": {cause}");
        source = cause.source();
    }
    assert_eq!(report.matches("refused").count(), 1, "{report}");

    let boxed: Box<dyn std::error::Error> = error.into();
    assert!(format!("{boxed:?}").starts_with("connect for Metadata (3) with broker"));
}

#[test]
fn a_cluster_that_was_never_reached_is_not_tried_for_ever_unless_one_waits_for_it() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap().to_string();
    drop(unused);
    let mut client = Client::new(Config::new(address)).unwrap();
    let tries = |policy: RetryPolicy, client: &mut Client| {
        let mut tries = 0;
        let policy = policy.first_pause(Duration::from_millis(1));
        let policy = policy.longest_pause(Duration::from_millis(1));
        let run = policy.run(Duration::from_secs(60), client, |client| {
            tries += 1;
            if tries == 50 {
                Ok(())
            } else {
                client.all_metadata().map(drop)
            }
        });
        (tries, run.is_ok())
    };
    let started = Instant::now();
    assert_eq!(tries(RetryPolicy::new(), &mut client), (5, false));
    assert!(started.elapsed() < Duration::from_secs(60));
    let waiting = RetryPolicy::new().tries_until_reached(u32::MAX);
    assert_eq!(tries(waiting, &mut client), (50, true));
}

#[test]
fn text_of_a_broker_is_escaped_and_cut() {
    let evil = "no\nERROR forged line \x1b[31m".to_owned() + &"x".repeat(30_000);
    let server = Server::start(move |header| {
        use libkafka_client::protocol::messages::FindCoordinatorResponse;
        use libkafka_client::protocol::messages::find_coordinator::Coordinator;
        match header.request_api_key {
            ApiKey::FIND_COORDINATOR => {
                let refusal = FindCoordinatorResponse {
                    coordinators: vec![Coordinator {
                        key: "g".into(),
                        error_code: ErrorCode::INVALID_GROUP_ID,
                        error_message: Some(evil.clone()),
                        ..Default::default()
                    }],
                    ..Default::default()
                };
                Step::Write(respond(header, &refusal))
            }
            _ => Step::Answer,
        }
    });
    let client = Client::new(server.config()).unwrap();
    let error = client.group("g").commit(&[]).unwrap_err();
    says(&error, &["no\\nERROR", "\\u{1b}[31m"]);
    assert!(error.to_string().len() < 1000);
}

#[test]
fn a_host_that_a_broker_advertises_is_escaped_too() {
    use libkafka_client::protocol::messages::metadata::MetadataResponseBroker;

    let server = Server::start(|header| {
        let answer = MetadataResponse {
            brokers: vec![MetadataResponseBroker {
                node_id: 7,
                host: "a\nb\x1b[1m".into(),
                port: 1,
                ..Default::default()
            }],
            ..Default::default()
        };
        match header.request_api_key {
            ApiKey::METADATA => Step::Write(respond(header, &answer)),
            _ => Step::Answer,
        }
    });
    let mut client = Client::new(server.config()).unwrap();
    client.all_metadata().unwrap();
    let target = libkafka_client::Target::Broker(7);
    says(&client.api_versions(target).unwrap_err(), &["a\\nb\\u{1b}"]);
}

#[test]
fn a_port_that_speaks_first_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").unwrap();
        thread::park();
    });
    let error = first_error(Config::new(address));
    assert!(!matches!(error, Error::Timeout { .. }), "{error}");
}
