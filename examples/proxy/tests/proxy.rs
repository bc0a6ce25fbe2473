//! The proxy between a client and the embedded broker, or a server that does as it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use libkafka_client::batch::Builder;
use libkafka_client::{Client, Config, OffsetSpec, TopicPartition};
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    DescribeClusterRequest, FindCoordinatorRequest, HeartbeatRequest, MetadataRequest,
    MetadataResponse, ProduceRequest, RequestHeader,
};
use libkafka_protocol::wire::UnknownTags;
use libkafka_protocol::{ApiKey, Bytes, Request, frame};
use libkafka_proxy::{Proxy, Rename};
use libkafka_testbroker::{Broker, Fault};

const ANY_PORT: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

/// A proxy that calls `orders.v2` of a broker `orders`.
fn proxy(broker: impl ToString) -> Proxy {
    let rename = Rename {
        for_clients: "orders".into(),
        for_brokers: "orders.v2".into(),
    };
    Proxy::start(ANY_PORT.into(), &broker.to_string(), Some(rename)).unwrap()
}

fn client(proxy: &Proxy) -> Client {
    Client::new(Config::new(proxy.address().to_string())).unwrap()
}

fn batch(value: &str) -> Bytes {
    let mut builder = Builder::new();
    builder.add((), value).unwrap();
    builder.build_bytes().unwrap()
}

#[test]
fn a_client_knows_the_topic_by_its_own_name_and_no_broker_by_its_address() {
    let broker = Broker::builder()
        .nodes(3)
        .topic("orders.v2", 3)
        .start()
        .unwrap();
    let proxy = proxy(broker.address(1));
    let mut client = client(&proxy);
    for partition in 0..3 {
        let mut producer = client.producer("orders", partition).unwrap();
        producer.produce(batch("paid")).unwrap();
        assert_eq!(broker.offsets("orders.v2", partition), 0..1);
        let mut fetcher = client.fetcher("orders", partition).unwrap();
        assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 0);
        assert_eq!(fetcher.fetch().unwrap().batches().count(), 1);
    }
    let topics = client.all_metadata().unwrap().topics;
    assert_eq!(topics[0].name.as_deref(), Some("orders"));

    let real: Vec<SocketAddr> = broker
        .ids()
        .into_iter()
        .map(|id| broker.address(id))
        .collect();
    let is_real = |host: &str, port: i32| {
        let address = format!("{host}:{port}").parse().unwrap();
        real.contains(&address)
    };
    assert!(client.brokers().count() == 3);
    let cluster = client.call(&DescribeClusterRequest::default()).unwrap();
    assert!(
        !cluster
            .brokers
            .iter()
            .any(|broker| is_real(&broker.host, broker.port))
    );
    let request = FindCoordinatorRequest {
        coordinator_keys: vec!["billing".into()],
        ..Default::default()
    };
    let found = client.call(&request).unwrap().coordinators.remove(0);
    assert!(found.port > 0 && !is_real(&found.host, found.port));
    for broker in client.brokers() {
        assert!(!real.contains(&broker.address.to_string().parse().unwrap()));
    }
}

#[test]
fn the_hint_to_a_new_leader_leads_to_the_proxy() {
    let broker = Broker::builder()
        .nodes(2)
        .topic("orders.v2", 1)
        .start()
        .unwrap();
    let proxy = proxy(broker.address(1));
    let mut client = client(&proxy);
    let mut producer = client.producer("orders", 0).unwrap();
    producer.produce(batch("one")).unwrap();
    let next = 3 - broker.leader("orders.v2", 0).unwrap();
    broker.move_leader("orders.v2", 0, next);
    let error = producer.produce(batch("two")).unwrap_err();
    assert!(error.to_string().contains("NOT_LEADER"), "{error}");
    // The hint was taken: no metadata is asked for.
    let asked = broker.requests(ApiKey::METADATA);
    producer.refresh().unwrap();
    producer.produce(batch("two")).unwrap();
    assert_eq!(broker.requests(ApiKey::METADATA), asked);
    let address = producer.last_exchange().unwrap().broker.address.to_string();
    assert_ne!(address, broker.address(next).to_string());
    assert_eq!(broker.offsets("orders.v2", 0), 0..2);
}

#[test]
fn groups_commit_for_the_topic_by_their_name() {
    let broker = Broker::builder().topic("orders.v2", 1).start().unwrap();
    let proxy = proxy(broker.address(1));
    let client = client(&proxy);
    let at = TopicPartition::new("orders", 0);
    let mut group = client.group("billing");
    let commit = libkafka_client::Commit {
        topic: "orders",
        partition: 0,
        offset: 5,
        ..Default::default()
    };
    group.commit(&[commit]).unwrap().into_result().unwrap();
    assert_eq!(broker.committed("billing", "orders.v2", 0), Some(5));
    let committed = group.committed(std::slice::from_ref(&at)).unwrap();
    let committed = committed.into_result().unwrap();
    let (_, committed) = committed.into_iter().next().unwrap();
    assert_eq!(committed.unwrap().offset, 5);
}

#[test]
fn a_request_without_a_response_does_not_wait_for_one() {
    let broker = Broker::builder().topic("orders.v2", 1).start().unwrap();
    let proxy = proxy(broker.address(1));
    let seen = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .when(|r: &ProduceRequest| r.acks == 0)
            .observe(),
    );
    let mut client = client(&proxy);
    let options = libkafka_client::ProducerOptions::new().acks(libkafka_client::Acks::None);
    let mut producer = client.producer_with("orders", 0, options).unwrap();
    // More than may be without a response.
    for _ in 0..1_100 {
        producer.produce(batch("paid")).unwrap();
    }
    seen.wait(1_100);
}

/// A request, framed.
fn framed<R: Request>(version: i16, request: &R, correlation_id: i32) -> Vec<u8> {
    let header = RequestHeader {
        request_api_key: R::API_KEY,
        request_api_version: version,
        correlation_id,
        client_id: Some("raw".into()),
        ..Default::default()
    };
    let mut out = Vec::new();
    frame::encode_request(&header, request, &mut out).unwrap();
    out
}

fn metadata(topic: &str) -> MetadataRequest {
    MetadataRequest {
        topics: Some(vec![MetadataRequestTopic {
            name: Some(topic.into()),
            unknown_tags: tags(),
            ..Default::default()
        }]),
        unknown_tags: tags(),
        ..Default::default()
    }
}

fn tags() -> UnknownTags {
    let mut tags = UnknownTags::default();
    tags.insert(77, b"of a version to come");
    tags
}

fn read_frame(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut frame = length.to_vec();
    frame.resize(4 + u32::from_be_bytes(length) as usize, 0);
    stream.read_exact(&mut frame[4..]).unwrap();
    frame
}

/// What a broker gets of a request, and a client of a response.
fn passed(request: &[u8], response: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = proxy(listener.local_addr().unwrap());
    let answer = response.to_vec();
    let broker = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_frame(&mut stream);
        stream.write_all(&answer).unwrap();
        request
    });
    let mut stream = TcpStream::connect(proxy.address()).unwrap();
    stream.write_all(request).unwrap();
    let response = read_frame(&mut stream);
    (broker.join().unwrap(), response)
}

#[test]
fn what_names_nothing_to_change_passes_byte_for_byte() {
    let mut with_trailing = framed(12, &metadata("payments"), 7);
    with_trailing.extend(b"what follows");
    let length = with_trailing.len() as u32 - 4;
    with_trailing[..4].copy_from_slice(&length.to_be_bytes());
    let heartbeat = HeartbeatRequest {
        unknown_tags: tags(),
        ..Default::default()
    };
    for request in [
        b"\0\0\0\x0d\x03\xe7\0\0\0\0\0\x07\xff\xffabc".to_vec(),
        b"\0\0\0\x13\0alice\0alice-secret".to_vec(),
        b"\0\0\0\0".to_vec(),
        framed(4, &heartbeat, 7),
        with_trailing,
    ] {
        // No metadata, nor anything else: the proxy looks only at what it has to.
        let response = b"\0\0\0\x09\0\0\0\x08\0wxyz";
        assert_eq!(
            passed(&request, response),
            (request.clone(), response.to_vec())
        );
    }
}

#[test]
fn a_frame_that_is_changed_keeps_unknown_tags_and_what_follows() {
    let append = |mut frame: Vec<u8>| {
        frame.extend(b"what follows");
        let length = frame.len() as u32 - 4;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        frame
    };
    let (request, _) = passed(&append(framed(12, &metadata("orders"), 7)), b"\0\0\0\0");
    assert_eq!(request, append(framed(12, &metadata("orders.v2"), 7)));
}

#[test]
fn correlation_ids_belong_to_their_connection() {
    let broker = Broker::builder().topic("orders.v2", 1).start().unwrap();
    let proxy = proxy(broker.address(1));
    let versions = [1, 12, 9, 4];
    let mut connections = versions.map(|version| {
        let mut stream = TcpStream::connect(proxy.address()).unwrap();
        let mut request = metadata("orders");
        request.unknown_tags = UnknownTags::default();
        request.topics.as_mut().unwrap()[0].unknown_tags = UnknownTags::default();
        stream.write_all(&framed(version, &request, 7)).unwrap();
        (version, stream)
    });
    for (version, stream) in &mut connections {
        let frame = Bytes::from(read_frame(stream)).slice(4..);
        let decoded = frame::decode_response_exact::<MetadataResponse>(*version, &frame);
        let (id, response) = decoded.unwrap();
        assert_eq!(
            (id, response.topics[0].name.as_deref()),
            (7, Some("orders"))
        );
    }
}

#[test]
fn a_frame_that_claims_too_much_ends_the_connection() {
    let broker = Broker::start().unwrap();
    let proxy = proxy(broker.address(1));
    for length in [-1, i32::MAX] {
        let mut stream = TcpStream::connect(proxy.address()).unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    }
}
