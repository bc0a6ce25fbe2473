//! The broker as a program.
#![cfg(unix)]

mod running;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use libkafka_client::{Client, Config, Plain};
use libkafka_protocol::ErrorCode;
use running::{PROGRAM, Running};

/// Asks for the versions of the APIs, in version 0; gives the number of bytes of the answer.
fn ask(address: &str) -> i32 {
    asks(TcpStream::connect(address).unwrap())
}

fn asks(mut stream: impl Read + Write) -> i32 {
    stream
        .write_all(&[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff])
        .unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    i32::from_be_bytes(length)
}

#[test]
fn it_says_where_it_listens_logs_requests_and_ends_in_an_orderly_way() {
    let mut program = Running::start(
        Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0", "--nodes", "2", "--topic", "t:3"])
            .env("RUST_LOG", "debug")
            .stderr(Stdio::piped()),
    );
    let addresses = program.addresses.clone();
    assert_eq!(addresses.len(), 2);
    for address in &addresses {
        assert!(ask(address) > 100);
    }
    program.stop();
    let mut log = String::new();
    let mut stderr = program.child.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    assert!(log.contains("node 1 ApiVersions (18) v0 #7"), "{log}");
    assert!(log.contains("node 2 ApiVersions (18) v0 #7"), "{log}");
}

#[test]
fn it_lets_those_in_that_it_was_told_of() {
    let program = Running::start(Command::new(PROGRAM).args([
        "--listen",
        "127.0.0.1:0",
        "--sasl",
        "alice:wonder:land",
        "--config",
        "auto.create.topics.enable=false",
    ]));
    let config = |password: &str| {
        Config::new(&program.addresses[0]).sasl(Plain::new("alice:wonder", password))
    };
    let mut client = Client::new(config("land")).unwrap();
    let metadata = client.topic_metadata(&["nowhere"]).unwrap();
    let code = metadata.topics[0].error_code;
    assert_eq!(code, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    let refused = Client::new(config("lane")).and_then(|mut client| client.all_metadata());
    let code = refused.unwrap_err().code();
    assert_eq!(code, Some(ErrorCode::SASL_AUTHENTICATION_FAILED));
    let stranger = Client::new(Config::new(&program.addresses[0]));
    let refused = stranger.and_then(|mut client| client.all_metadata());
    assert!(refused.is_err());
}

#[test]
#[cfg(feature = "tls")]
fn it_speaks_tls_with_the_certificate_that_it_was_given() {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let certificate = format!("{folder}/certificate.pem");
    let program = Running::start(Command::new(PROGRAM).args([
        "--listen",
        "127.0.0.1:0",
        "--tls",
        &format!("{certificate}:{folder}/key.pem"),
    ]));
    let mut roots = rustls::RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(certificate).unwrap();
    roots.add(certificate).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let tls = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(&program.addresses[0]).unwrap();
    assert!(asks(rustls::StreamOwned::new(tls, socket)) > 100);
}

#[test]
fn a_bad_option_is_named() {
    let output = Command::new(PROGRAM)
        .args(["--topic", "t"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("libkafka-testbroker: "), "{said}");
    let output = Command::new(PROGRAM).args(["--help"]).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("--sasl USER:PASSWORD"));
}

#[test]
fn a_command_runs_with_a_broker_of_its_own() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/with_broker.sh");
    let output = Command::new("sh")
        .arg(script)
        .args(["sh", "-c", "echo $KAFKA_BOOTSTRAP"])
        .env("TESTBROKER", PROGRAM)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let address = String::from_utf8(output.stdout).unwrap();
    let address = address.trim_end();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    // It ended with the command.
    assert!(TcpStream::connect(address).is_err());
}
