//! SASL and TLS.

use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{
    ApiVersionsRequest, MetadataRequest, SaslAuthenticateRequest, SaslHandshakeRequest,
};
use libkafka_testbroker::{Broker, Builder, Listener, Tls};
use libkafka_testkafka::{
    Certificates, Identity, Kafka, Listener as RealListener, Tool, User, require,
};

use crate::wire::Wire;
use libkafka_integration::until;

/// How long a session lasts, in milliseconds.
const SESSIONS: (&str, &str) = ("connections.max.reauth.ms", "3000");

fn with_users() -> Builder {
    let all = User::ALL.iter();
    all.fold(Broker::builder(), |b, user| {
        b.user(user.name, user.password)
    })
}

fn handshake(wire: &mut Wire, mechanism: &str) -> ErrorCode {
    let request = SaslHandshakeRequest {
        mechanism: mechanism.into(),
    };
    wire.call(1, &request).error_code
}

fn authenticate(wire: &mut Wire, message: &'static str) -> (ErrorCode, Option<String>) {
    let request = SaslAuthenticateRequest {
        auth_bytes: Bytes::from_static(message.as_bytes()),
        ..Default::default()
    };
    let response = wire.call(2, &request);
    (response.error_code, response.error_message)
}

#[test]
fn a_client_says_who_it_is_to_the_embedded_broker() {
    let broker = with_users()
        .listener(Listener::Plaintext)
        .listener(Listener::SaslPlaintext)
        .start()
        .unwrap();
    let sasl = broker.address_of(1, Listener::SaslPlaintext);
    a_client_says_who_it_is(sasl, broker.address_of(1, Listener::Plaintext));
}

#[test]
fn a_client_says_who_it_is_to_real_kafka() {
    require!();
    let kafka = Kafka::builder().sasl(true).start().unwrap();
    let sasl = kafka.address(1, RealListener::SaslPlaintext);
    a_client_says_who_it_is(sasl, kafka.address(1, RealListener::Plaintext));
}

#[test]
fn a_session_with_the_embedded_broker_ends_that_is_not_renewed() {
    let broker = with_users().listener(Listener::SaslPlaintext);
    let broker = broker.config(SESSIONS.0, SESSIONS.1).start().unwrap();
    a_session_ends_that_is_not_renewed(broker.address(1));
}

#[test]
fn a_session_with_real_kafka_ends_that_is_not_renewed() {
    require!();
    let kafka = Kafka::builder().sasl(true);
    let kafka = kafka.property(SESSIONS.0, SESSIONS.1).start().unwrap();
    a_session_ends_that_is_not_renewed(kafka.address(1, RealListener::SaslPlaintext));
}

fn a_session_ends_that_is_not_renewed(sasl: SocketAddr) {
    let log_in = || {
        let mut wire = Wire::connect(sasl);
        assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::NONE);
        let request = SaslAuthenticateRequest {
            auth_bytes: Bytes::from_static(b"\0alice\0alice-secret"),
            ..Default::default()
        };
        assert_eq!(wire.call(2, &request).session_lifetime_ms, 3000);
        wire
    };
    // It may be renewed at once, and then again in a second.
    let mut wire = log_in();
    let renewed = Instant::now();
    assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::NONE);
    let (code, _) = authenticate(&mut wire, "\0alice\0alice-secret");
    assert_eq!(code, ErrorCode::NONE);
    assert_eq!(wire.call(1, &MetadataRequest::default()).brokers.len(), 1);
    until(|| {
        let code = handshake(&mut wire, "PLAIN");
        (code != ErrorCode::ILLEGAL_SASL_STATE).then(|| assert_eq!(code, ErrorCode::NONE))
    });
    assert!(renewed.elapsed() > Duration::from_millis(900));
    // Not by another mechanism, and not by another user.
    let mut wire = log_in();
    assert_eq!(handshake(&mut wire, "SCRAM-SHA-256"), ErrorCode::NONE);
    let first = SaslAuthenticateRequest {
        auth_bytes: Bytes::from_static(b"n,,n=alice,r=nonce"),
        ..Default::default()
    };
    wire.send(2, &first);
    wire.expect_end();
    let mut wire = log_in();
    assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::NONE);
    let (code, why) = authenticate(&mut wire, "\0admin\0admin-secret");
    assert_eq!(code, ErrorCode::SASL_AUTHENTICATION_FAILED);
    let why = why.unwrap();
    assert!(why.ends_with("from User.alice: User.admin"), "{why}");
    wire.expect_end();
    // Once it has ended, so does the connection that asks for anything else.
    let mut wire = log_in();
    until(|| {
        wire.send(1, &MetadataRequest::default());
        wire.receive::<MetadataRequest>(1).is_err().then_some(())
    });
}

fn a_client_says_who_it_is(sasl: SocketAddr, plain: SocketAddr) {
    let connect = || Wire::connect(sasl);
    let mut wire = connect();
    wire.call(0, &ApiVersionsRequest::default());
    assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::NONE);
    let (code, why) = authenticate(&mut wire, "\0alice\0alice-secret");
    assert_eq!((code, why.as_deref()), (ErrorCode::NONE, Some("")));
    assert_eq!(wire.call(1, &MetadataRequest::default()).brokers.len(), 1);
    // One who is known already has nothing more to say.
    let request = SaslHandshakeRequest {
        mechanism: "PLAIN".into(),
    };
    assert_eq!(
        wire.call(1, &request).error_code,
        ErrorCode::ILLEGAL_SASL_STATE
    );
    assert_eq!(authenticate(&mut wire, "").0, ErrorCode::ILLEGAL_SASL_STATE);

    for (message, why) in [
        (
            "\0alice\0wrong",
            "Authentication failed: Invalid username or password",
        ),
        (
            "\0nobody\0x",
            "Authentication failed: Invalid username or password",
        ),
        (
            "alice",
            "Invalid SASL/PLAIN response: expected 3 tokens, got 1",
        ),
        (
            "bob\0alice\0alice-secret",
            "Authentication failed: Client requested an authorization id that is different from username",
        ),
    ] {
        let mut wire = connect();
        assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::NONE);
        let (code, said) = authenticate(&mut wire, message);
        assert_eq!(
            (code, said.as_deref()),
            (ErrorCode::SASL_AUTHENTICATION_FAILED, Some(why))
        );
        wire.expect_end();
    }

    let mut wire = connect();
    assert_eq!(handshake(&mut wire, "SCRAM-SHA-256"), ErrorCode::NONE);
    let (code, said) = authenticate(&mut wire, "n,,n=nobody,r=nonce");
    assert_eq!(code, ErrorCode::SASL_AUTHENTICATION_FAILED);
    assert_eq!(
        said.as_deref(),
        Some(
            "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256"
        )
    );
    wire.expect_end();

    bearers_say_who_they_are(sasl);

    let mut wire = connect();
    assert_eq!(
        handshake(&mut wire, "KERBEROS"),
        ErrorCode::UNSUPPORTED_SASL_MECHANISM
    );
    wire.expect_end();

    // Whoever has not said who it is may ask for nothing else.
    let mut wire = connect();
    wire.send(1, &MetadataRequest::default());
    wire.expect_end();

    // Where nobody asks, nobody needs to say.
    let mut wire = Wire::connect(plain);
    assert_eq!(handshake(&mut wire, "PLAIN"), ErrorCode::ILLEGAL_SASL_STATE);
}

/// A first message of OAUTHBEARER: a header, and a token of these claims.
fn bearer(header: &str, algorithm: &str, claims: &str) -> Bytes {
    let base64 = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let algorithm = base64(&format!(r#"{{"alg":"{algorithm}"}}"#));
    let token = format!("{algorithm}.{}.", base64(claims));
    format!("{header}\u{1}auth=Bearer {token}\u{1}\u{1}").into()
}

/// What comes of OAUTHBEARER's first message.
#[derive(Debug, PartialEq)]
enum Borne {
    Taken,
    /// The token is not good: the broker says so, and then ends it.
    BadToken,
    /// With the reason.
    Refused(String),
    /// The broker ends the connection without a word.
    Ended,
}

fn bear(sasl: SocketAddr, message: &Bytes) -> Borne {
    let mut wire = Wire::connect(sasl);
    assert_eq!(handshake(&mut wire, "OAUTHBEARER"), ErrorCode::NONE);
    let request = SaslAuthenticateRequest {
        auth_bytes: message.clone(),
        ..Default::default()
    };
    wire.send(2, &request);
    let Ok(response) = wire.receive::<SaslAuthenticateRequest>(2) else {
        return Borne::Ended;
    };
    if !response.error_code.is_ok() {
        assert_eq!(response.error_code, ErrorCode::SASL_AUTHENTICATION_FAILED);
        wire.expect_end();
        return Borne::Refused(response.error_message.unwrap());
    }
    if response.auth_bytes.is_empty() {
        assert_eq!(wire.call(1, &MetadataRequest::default()).brokers.len(), 1);
        return Borne::Taken;
    }
    let challenge = r#"{"status":"invalid_token"}"#;
    assert_eq!(response.auth_bytes, challenge);
    let (code, why) = authenticate(&mut wire, "\u{1}");
    assert_eq!(code, ErrorCode::SASL_AUTHENTICATION_FAILED);
    assert_eq!(why.as_deref(), Some(challenge));
    wire.expect_end();
    Borne::BadToken
}

fn bearers_say_who_they_are(sasl: SocketAddr) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs();
    let claims =
        |issued: u64, expires: u64| format!(r#"{{"sub":"alice","iat":{issued},"exp":{expires}}}"#);
    let good = claims(now, now + 3600);
    let failed = || {
        let why = "Authentication failed during authentication due to invalid credentials with SASL mechanism OAUTHBEARER";
        Borne::Refused(why.to_owned())
    };
    let another = "Authentication failed: Client requested an authorization id (bob) that is different from the token's principal name (alice)";
    let raw = Bytes::from_static;
    let messages = [
        (bearer("n,,", "none", &good), Borne::Taken),
        (bearer("n,a=alice,", "none", &good), Borne::Taken),
        (bearer("n,,", "RS256", &good), Borne::BadToken),
        (
            bearer("n,,", "none", &claims(now - 7200, now - 3600)),
            Borne::BadToken,
        ),
        (
            bearer("n,,", "none", &claims(now + 3600, now + 7200)),
            Borne::BadToken,
        ),
        (
            bearer("n,,", "none", &format!(r#"{{"exp":{}}}"#, now + 3600)),
            Borne::BadToken,
        ),
        (bearer("n,,", "none", r#"{"sub":"alice"}"#), Borne::BadToken),
        (
            bearer("n,,", "none", r#"{"sub":"alice","exp":"soon"}"#),
            Borne::BadToken,
        ),
        (bearer("n,,", "none", "{}"), Borne::BadToken),
        (bearer("n,,", "none", "no claims"), Borne::BadToken),
        (bearer("n,a=bob,", "none", "{}"), Borne::BadToken),
        (raw(b"n,,\x01auth=Bearer nonsense\x01\x01"), Borne::BadToken),
        (raw(b"n,,\x01auth=Bearer a.b.c\x01\x01"), Borne::BadToken),
        (
            bearer("n,a=bob,", "none", &good),
            Borne::Refused(another.to_owned()),
        ),
        (bearer("y,,", "none", &good), failed()),
        (bearer("", "none", &good), failed()),
        (raw(b"hello"), failed()),
        (raw(b"n,,\x01auth=Basic a.b.\x01\x01"), Borne::Ended),
        (raw(b"n,,\x01auth=Bearer\x01\x01"), failed()),
        (raw(b"n,,\x01\x01"), failed()),
    ];
    let (messages, expected): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
    let borne: Vec<_> = messages.iter().map(|message| bear(sasl, message)).collect();
    assert_eq!(borne, expected);
}

#[test]
fn a_sasl_exchange_without_requests_around_it_is_understood() {
    let broker = with_users()
        .listener(Listener::SaslPlaintext)
        .start()
        .unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let request = SaslHandshakeRequest {
        mechanism: "PLAIN".into(),
    };
    assert_eq!(wire.call(0, &request).error_code, ErrorCode::NONE);
    wire.send_bytes(b"\0\0\0\x13\0alice\0alice-secret");
    assert!(wire.receive_frame().unwrap().is_empty());
    assert_eq!(wire.call(1, &MetadataRequest::default()).brokers.len(), 1);
}

#[test]
fn kafka_s_console_clients_come_by_tls_and_by_every_mechanism() {
    require!();
    let certificates = Certificates::generate().unwrap();
    let certificate = fs::read(certificates.certificate(Identity::Server)).unwrap();
    let key = fs::read(certificates.key(Identity::Server)).unwrap();
    let tls = Tls::new(certificate, key).unwrap();
    let broker = with_users()
        .listener(Listener::Ssl)
        .listener(Listener::SaslSsl)
        .listener(Listener::SaslPlaintext)
        .tls(tls)
        .topic("secured", 1)
        .start()
        .unwrap();
    let ca = certificates.ca();
    let trust = format!(
        "ssl.truststore.type=PEM\nssl.truststore.location={}\n",
        ca.display()
    );
    let scram = "org.apache.kafka.common.security.scram.ScramLoginModule";
    let plain = "org.apache.kafka.common.security.plain.PlainLoginModule";
    let ways = [
        (Listener::Ssl, "", ""),
        (Listener::SaslSsl, "SCRAM-SHA-512", scram),
        (Listener::SaslPlaintext, "SCRAM-SHA-256", scram),
        (Listener::SaslPlaintext, "PLAIN", plain),
    ];
    for (place, (listener, mechanism, module)) in ways.into_iter().enumerate() {
        let mut config = format!("security.protocol={listener}\n{trust}");
        if listener.is_sasl() {
            config += &format!(
                "sasl.mechanism={mechanism}\nsasl.jaas.config={module} required username=\"alice\" password=\"alice-secret\";\n"
            );
        }
        let file = ca.with_file_name(format!("client-{place}.properties"));
        fs::write(&file, config).unwrap();
        let bootstrap = broker.bootstrap_of(listener);
        let printed = Tool::console_producer(&bootstrap, "secured")
            .arg("--command-config")
            .arg(&file)
            .stdin("hello\n")
            .run()
            .unwrap();
        assert!(!printed.stderr.contains("ERROR"), "{}", printed.stderr);
        assert_eq!(broker.offsets("secured", 0).end, place as i64 + 1);
    }
}
