//! The broker as a program.
#![cfg(unix)]

mod running;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
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
fn its_log_says_what_is_not_served_and_who_left() {
    let mut program = Running::start(
        Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "debug")
            .stderr(Stdio::piped()),
    );
    // An API of no broker, and a version of Metadata that there is not.
    for (api, version) in [(999u16, 0u16), (3, 99)] {
        let mut stream = TcpStream::connect(&program.addresses[0]).unwrap();
        let [a, b] = api.to_be_bytes();
        let [c, d] = version.to_be_bytes();
        stream
            .write_all(&[0, 0, 0, 11, a, b, c, d, 0, 0, 0, 7, 0xff, 0xff, 0])
            .unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
    // One leaves between requests.
    let stream = TcpStream::connect(&program.addresses[0]).unwrap();
    let leaver = stream.local_addr().unwrap();
    assert!(asks(stream) > 100);
    let mut log = String::new();
    let stderr = program.child.stderr.take().unwrap();
    for line in BufReader::new(stderr).lines() {
        log += &line.unwrap();
        if log.contains(&format!("{leaver}: the client left")) {
            break;
        }
    }
    assert_eq!(log.matches("-> not served").count(), 2, "{log}");
    program.stop();
}

#[test]
fn it_is_the_same_to_its_clients_when_it_is_started_again() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let listen = format!("127.0.0.1:{}", port.unwrap().port());
    let ids = |options: &[&str]| {
        let program = Running::start(
            Command::new(PROGRAM)
                .args(["--topic", "t:1", "--topic", "u:1"])
                .args(options),
        );
        let mut client = Client::new(Config::new(&program.addresses[0])).unwrap();
        let metadata = client.all_metadata().unwrap();
        let topics = metadata.topics.iter().map(|topic| topic.topic_id);
        let topics: Vec<_> = topics.collect();
        assert_ne!(topics[0], topics[1]);
        (metadata.cluster_id.unwrap(), topics)
    };
    let first = ids(&["--listen", &listen]);
    assert_eq!(ids(&["--listen", &listen]), first);
    let named = ids(&["--listen", "127.0.0.1:0", "--cluster-id", "a-cluster"]);
    assert_eq!(named.0, "a-cluster");
    assert_ne!(named.1, first.1);
    let again = ids(&["--listen", "127.0.0.1:0", "--cluster-id", "a-cluster"]);
    assert_eq!(again, named);
}

#[test]
fn clients_are_told_the_name_that_it_was_given() {
    let host = |options: &[&str]| {
        let program = Running::start(Command::new(PROGRAM).args(options));
        let mut client = Client::new(Config::new(&program.addresses[0])).unwrap();
        let metadata = client.all_metadata().unwrap();
        metadata.brokers[0].host.clone()
    };
    assert_eq!(host(&["--listen", "127.0.0.1:0"]), "127.0.0.1");
    assert_eq!(host(&["--listen", "localhost:0"]), "localhost");
    let advertised = host(&["--advertise", "kafka.test", "--listen", "localhost:0"]);
    assert_eq!(advertised, "kafka.test");
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
