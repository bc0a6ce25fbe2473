//! How a connection is opened: names, and TLS.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Config, Dns, Error, Phase, Srv, TcpConnector, rustls};
use libkafka_testdeadline::fails_within;
use simple_dns::rdata::{RData, SRV};
use simple_dns::{CLASS, Name, Packet, ResourceRecord};

use crate::scripted::Server;

#[test]
fn names_are_resolved_within_the_deadline() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = Dns::with_servers([silent.local_addr().unwrap()]);
    let connector = TcpConnector::default().dns(dns.clone());
    let srv = Srv::new("_kafka._tcp.example.com").dns(dns);
    let time = Duration::from_secs(1);
    for config in [
        Config::new("kafka.example:9092").connector(connector),
        Config::from_srv(srv),
    ] {
        let mut client = Client::new(config.timeout(time)).unwrap();
        let error = fails_within(time, || client.all_metadata());
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Resolve);
        assert!(!error.possibly_written());
    }
}

#[test]
fn brokers_are_found_by_srv_records() {
    let server = Server::with_steps(ApiKey::METADATA, []);
    let port = server.port();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = Dns::with_servers([socket.local_addr().unwrap()]);
    let name_server = thread::spawn(move || {
        let mut buffer = [0; 512];
        let (n, from) = socket.recv_from(&mut buffer).unwrap();
        let query = Packet::parse(&buffer[..n]).unwrap();
        let name = query.questions[0].qname.clone();
        let asked = name.to_string();
        let mut packet = Packet::new_reply(query.id());
        let target = Name::new("127.0.0.1").unwrap();
        let srv = SRV {
            priority: 1,
            weight: 1,
            port,
            target,
        };
        let record = ResourceRecord::new(name, CLASS::IN, 60, RData::SRV(srv));
        packet.answers.push(record);
        let answer = packet.build_bytes_vec().unwrap();
        socket.send_to(&answer, from).unwrap();
        asked
    });
    let srv = Srv::new("_kafka._tcp.example.com").dns(dns);
    let mut client = Client::new(Config::from_srv(srv)).unwrap();
    assert_eq!(client.all_metadata().unwrap().controller_id, 1);
    assert_eq!(name_server.join().unwrap(), "_kafka._tcp.example.com");
}

#[test]
fn a_peer_that_does_not_shake_hands_is_a_timeout_of_the_tls_phase() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The first says nothing; the second says for ever what is no end of a handshake.
    thread::spawn(move || {
        let silent = listener.accept().unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 1024];
        let _ = stream.read(&mut hello).unwrap();
        // A record of a handshake, of which the message is longer than all that comes.
        let _ = stream.write_all(&[22, 3, 3, 1, 0, 2, 0, 0xff, 0]);
        while stream.write_all(&[0]).is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
        drop(silent);
    });
    let time = Duration::from_secs(1);
    let config = Config::new(address.to_string()).tls(Arc::new(tls));
    let mut client = Client::new(config.timeout(time)).unwrap();
    for _ in 0..2 {
        let error = fails_within(time, || client.all_metadata());
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Tls);
        assert!(!error.possibly_written());
    }
}
