//! What either side refuses, and how that shows.

use std::time::{Duration, Instant};

use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Broker, Client, Config, Deadline, Error, OauthBearer, Phase, Plain, SaslError, SaslMechanism,
    SaslSession, Scram, Tls, Token,
};
use libkafka_testkafka::{Identity, Kafka, Listener, Mechanism, User, require};

use crate::{config, kafka, token, with_sasl};

/// The time of a call that is not to use it up.
const LONG: Duration = Duration::from_secs(60);

/// The error of the first call, which comes well within the deadline; so does that of the next.
fn refusal(config: Config) -> Error {
    let mut client = Client::new(config.timeout(LONG)).unwrap();
    let started = Instant::now();
    client.all_metadata().unwrap_err();
    let error = client.all_metadata().unwrap_err();
    assert!(started.elapsed() < LONG);
    error
}

#[test]
fn a_wrong_password_is_the_brokers_own_error_code() {
    require!();
    let nobody = User {
        name: "alice",
        password: "wrong",
    };
    for mechanism in [
        Mechanism::Plain,
        Mechanism::ScramSha256,
        Mechanism::ScramSha512,
    ] {
        let error = refusal(with_sasl(
            config(Listener::SaslPlaintext),
            mechanism,
            nobody,
        ));
        assert_eq!(
            error.code(),
            Some(ErrorCode::SASL_AUTHENTICATION_FAILED),
            "{error:?}"
        );
        assert_eq!(error.at().unwrap().phase, Phase::Authenticate);
        assert!(!error.possibly_written());
        assert!(!format!("{error:?} {error}").contains("wrong"));
    }
}

#[test]
fn a_token_that_is_refused_or_cannot_be_had_is_an_error_of_the_authentication() {
    require!();
    let expired = OauthBearer::new(|_| token("alice", 7200, 3600));
    let error = refusal(config(Listener::SaslPlaintext).sasl(expired));
    assert_eq!(
        error.code(),
        Some(ErrorCode::SASL_AUTHENTICATION_FAILED),
        "{error:?}"
    );
    let none = OauthBearer::new(|_| Err::<Token, _>("no token today"));
    let error = refusal(config(Listener::SaslPlaintext).sasl(none));
    assert!(error.to_string().contains("no token today"), "{error}");
}

struct Gssapi;

impl SaslMechanism for Gssapi {
    fn name(&self) -> &str {
        "GSSAPI"
    }

    fn begin(&self, _: &Broker, _: Deadline) -> Result<Box<dyn SaslSession>, SaslError> {
        unreachable!("the broker does not know it")
    }
}

#[test]
fn a_mechanism_that_the_broker_lacks_is_an_error_that_lists_those_it_has() {
    require!();
    let error = refusal(config(Listener::SaslPlaintext).sasl(Gssapi));
    let Error::Mechanism {
        mechanism, broker, ..
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(mechanism, "GSSAPI");
    let mut broker = broker.clone();
    broker.sort();
    let mut has: Vec<_> = kafka().mechanisms().map(Mechanism::name).collect();
    has.sort_unstable();
    assert_eq!(broker, has);
}

#[test]
fn no_sasl_where_the_broker_wants_it_is_an_error() {
    require!();
    let error = refusal(config(Listener::SaslPlaintext));
    assert!(matches!(error, Error::Closed { .. }), "{error:?}");
    assert_eq!(error.at().unwrap().phase, Phase::Read);
}

#[test]
fn an_unknown_authority_is_an_error_of_the_tls_phase() {
    require!();
    let tls = Tls::trusting(kafka().certificates().other_ca()).unwrap();
    let error = refusal(Config::new(kafka().bootstrap_of(Listener::Ssl)).tls(tls));
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert_eq!(error.at().unwrap().phase, Phase::Tls);
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
}

#[test]
fn a_client_without_the_right_certificate_is_told_so() {
    require!();
    let certificates = kafka().certificates();
    let bare = Tls::trusting(certificates.ca()).unwrap();
    let [unknown, expired] = [Identity::UnknownClient, Identity::ExpiredClient].map(|identity| {
        let (certificate, key) = (
            certificates.certificate(identity),
            certificates.key(identity),
        );
        Tls::trusting_as(certificates.ca(), certificate, key).unwrap()
    });
    for tls in [bare, unknown, expired] {
        let error = refusal(Config::new(kafka().bootstrap_of(Listener::Mtls)).tls(tls));
        assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    }
}

#[test]
fn a_server_certificate_that_is_expired_or_for_another_host_is_refused() {
    require!();
    for (identity, reason) in [
        (Identity::ExpiredServer, "Expired"),
        (Identity::WrongHostServer, "NotValidForName"),
        (Identity::UnknownServer, "UnknownIssuer"),
    ] {
        let kafka = Kafka::builder().tls(true).server_identity(identity);
        let kafka = kafka.start().unwrap();
        let tls = Tls::trusting(kafka.certificates().ca()).unwrap();
        let error = refusal(Config::new(kafka.bootstrap_of(Listener::Ssl)).tls(tls));
        let Error::Tls { source, .. } = error else {
            panic!("{error}");
        };
        assert!(format!("{source:?}").contains(reason), "{source}");
    }
}

#[test]
fn nothing_secret_shows() {
    require!();
    let config = config(Listener::Mtls).sasl(Plain::new("alice", "hunter2"));
    let shown = format!(
        "{config:?} {:?} {:?} {:?}",
        Plain::new("alice", "hunter2"),
        Scram::sha_512("alice", "hunter2"),
        Token::new("hunter2")
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}
