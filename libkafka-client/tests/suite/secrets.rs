//! Nothing secret shows, wherever one looks.

use std::sync::{Arc, Mutex};

use libkafka_client::protocol::ApiKey;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::protocol::messages::{SaslAuthenticateResponse, SaslHandshakeResponse};
use libkafka_client::{
    Client, Error, Exchange, OauthBearer, Observer, Plain, SaslMechanism, Scram, Token,
};

use crate::scripted::{Server, Step, respond};

const SECRET: &str = "hunter2";

/// Writes down all that there is to see.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl Shown {
    fn add(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
}

impl Observer for Shown {
    fn exchange(&self, exchange: &Exchange, error: Option<&Error>) {
        self.add(&format!("{exchange:?} {exchange} {error:?}"));
    }
}

/// A server that refuses everyone, or lets everyone in and then closes the connection.
fn server(refuses: bool, sent: &'static str) -> Server {
    Server::start(move |header| match header.request_api_key {
        ApiKey::SASL_HANDSHAKE => Step::Write(respond(header, &SaslHandshakeResponse::default())),
        ApiKey::SASL_AUTHENTICATE if refuses => {
            let response = SaslAuthenticateResponse {
                error_code: ErrorCode::SASL_AUTHENTICATION_FAILED,
                // Some say back what they were sent.
                error_message: Some(format!("no {sent} of alice")),
                ..Default::default()
            };
            Step::Write(respond(header, &response))
        }
        ApiKey::SASL_AUTHENTICATE => {
            Step::Write(respond(header, &SaslAuthenticateResponse::default()))
        }
        ApiKey::METADATA => Step::WriteAndClose(Vec::new()),
        _ => Step::Answer,
    })
}

fn look(mechanism: impl SaslMechanism + 'static, shown: &Shown, refuses: bool) {
    // With SCRAM, the password is never sent.
    let is_scram = mechanism.name().starts_with("SCRAM");
    let server = server(refuses, if is_scram { "proof" } else { SECRET });
    let config = server
        .config()
        .sasl(mechanism)
        .observer(Arc::new(shown.clone()));
    shown.add(&format!("{config:?}"));
    let mut client = Client::new(config).unwrap();
    let error = client.all_metadata().unwrap_err();
    shown.add(&format!("{error:?} {error} {:?} {client:?}", error.at()));
    shown.add(&format!("{:?}", client.last_exchange()));
    shown.add(&format!("{:?}", client.group("g")));
}

#[test]
fn nothing_secret_shows_in_debug_errors_records_and_log_lines() {
    let shown = Shown::default();
    #[cfg(feature = "log")]
    let before = crate::lines::all().len();
    let plain = || Plain::new("alice", SECRET);
    let token = || Token::new(SECRET).extension("key", SECRET);
    let bearer = || OauthBearer::new(move |_| Ok::<_, Error>(token()));
    shown.add(&format!("{:?} {:?} {:?}", plain(), token(), bearer()));
    for refuses in [true, false] {
        look(plain(), &shown, refuses);
        look(bearer(), &shown, refuses);
        for scram in [Scram::sha_256, Scram::sha_512] {
            shown.add(&format!("{:?}", scram("alice", SECRET)));
            // The server's answer is no challenge, which is an error of the mechanism's.
            look(scram("alice", SECRET), &shown, refuses);
        }
    }
    let shown = shown.0.lock().unwrap();
    assert!(
        shown.contains("alice") && shown.contains("SaslAuthenticate"),
        "{shown}"
    );
    assert!(!shown.contains(SECRET), "{shown}");
    #[cfg(feature = "log")]
    {
        let lines = crate::lines::all();
        assert!(lines.len() > before);
        let line = lines.iter().find(|(_, line)| line.contains(SECRET));
        assert_eq!(line, None);
    }
}
