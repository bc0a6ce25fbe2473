//! How a connection is opened: names, and TLS.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::membership::{ClassicOptions, Membership, Subscription};
use libkafka_client::protocol::ApiKey;
use libkafka_client::{
    Client, Config, ConsumerOptions, ConsumerSource, Dns, Error, Phase, Producer, ProducerConfig,
    ProducerRecord, Srv, TcpConnector, TopicPartition, rustls,
};
use libkafka_testdeadline::fails_within;
use simple_dns::rdata::{RData, SRV};
use simple_dns::{CLASS, Name, Packet, ResourceRecord};

use crate::scripted::{Server, Step};

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
    let mut client = Client::new(by_srv(server.port())).unwrap();
    assert_eq!(client.all_metadata().unwrap().controller_id, 1);
}

#[test]
fn consumers_members_of_groups_and_producers_find_brokers_by_srv_records() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::API_VERSIONS | ApiKey::METADATA => Step::Answer,
        _ => Step::Ignore,
    });
    let config = by_srv(server.port());
    let until_asked = |api: ApiKey, go_on: &mut dyn FnMut()| {
        let deadline = Instant::now() + Duration::from_secs(60);
        while server.requests(api).is_empty() {
            assert!(Instant::now() < deadline, "no broker was asked for {api}");
            go_on();
        }
    };
    let short = Duration::from_millis(20);
    let client = Client::new(config.clone()).unwrap();
    let partitions = ConsumerSource::Partitions(vec![TopicPartition::new("t", 0)]);
    let mut consumer = client.consumer(partitions, ConsumerOptions::new()).unwrap();
    until_asked(ApiKey::LIST_OFFSETS, &mut || {
        drop(consumer.poll(short).unwrap())
    });
    let member = Membership::classic("g", Subscription::topics(["t"]), ClassicOptions::default());
    let mut member = client.group_member(member);
    until_asked(ApiKey::FIND_COORDINATOR, &mut || {
        drop(member.wait(short).unwrap())
    });
    let producer = Producer::new(config, ProducerConfig::new()).unwrap();
    let record = ProducerRecord::new("t", (), "x").partition(0);
    until_asked(ApiKey::INIT_PRODUCER_ID, &mut || {
        drop(producer.send(&record, short))
    });
}

/// Brokers by an SRV name, of which nobody listens at the preferred one.
fn by_srv(port: u16) -> Config {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = nobody.local_addr().unwrap().port();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = Dns::with_servers([socket.local_addr().unwrap()]);
    thread::spawn(move || {
        let mut buffer = [0; 512];
        loop {
            let (n, from) = socket.recv_from(&mut buffer).unwrap();
            let query = Packet::parse(&buffer[..n]).unwrap();
            let name = query.questions[0].qname.clone();
            assert_eq!(name.to_string(), "_kafka._tcp.example.com");
            let mut packet = Packet::new_reply(query.id());
            for (priority, port) in [(1, nobody), (2, port)] {
                let srv = SRV {
                    priority,
                    weight: 1,
                    port,
                    target: Name::new("127.0.0.1").unwrap(),
                };
                let record = ResourceRecord::new(name.clone(), CLASS::IN, 60, RData::SRV(srv));
                packet.answers.push(record);
            }
            let answer = packet.build_bytes_vec().unwrap();
            socket.send_to(&answer, from).unwrap();
        }
    });
    Config::from_srv(Srv::new("_kafka._tcp.example.com").dns(dns))
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
