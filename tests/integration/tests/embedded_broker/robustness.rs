//! What clients may do to a broker.

use std::thread;
use std::time::Duration;

use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    ApiVersionsRequest, ApiVersionsResponse, FetchRequest, MetadataRequest,
};
use libkafka_testbroker::{Broker, Fault};

use crate::cluster::produce;
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::{batch, until};

/// A request header: API key, version, correlation id 1, no client id.
fn header(api_key: i16, version: i16) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend_from_slice(&api_key.to_be_bytes());
    header.extend_from_slice(&version.to_be_bytes());
    header.extend_from_slice(&[0, 0, 0, 1, 0xff, 0xff]);
    header
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

/// Another client is served as ever.
fn goes_on(mut wire: Wire) {
    wire.call(0, &ApiVersionsRequest::default());
}

on_both! {
    fn nonsense_ends_its_connection_and_no_other(cluster) {
        let frames = [
            // Two gigabytes are to come, or less than nothing.
            vec![0x7f, 0xff, 0xff, 0xff],
            vec![0xff, 0xff, 0xff, 0xff],
            // An API that there is not, and a version that there is not.
            framed(&header(999, 0)),
            framed(&header(3, 99)),
            framed(&header(-1, -1)),
            // Metadata of two billion topics.
            framed(&[&header(3, 1)[..], &[0x7f, 0xff, 0xff, 0xff]].concat()),
            // Not even a header.
            framed(&[0]),
        ];
        for frame in frames {
            let mut wire = cluster.wire();
            wire.send_bytes(&frame);
            wire.expect_end();
            goes_on(cluster.wire());
        }
    }
}

#[test]
fn random_frames_do_no_harm() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let apis = Wire::connect(broker.address(1))
        .call(0, &ApiVersionsRequest::default())
        .api_keys;
    for _ in 0..3_000 {
        let api = &apis[random.usize(..apis.len())];
        let version = random.i16(api.min_version..=api.max_version);
        let mut bytes = header(api.api_key.0, version);
        bytes.extend((0..random.usize(..60)).map(|_| random.u8(..)));
        // It waits for answers that never come, or not at all: what counts is that others do not.
        let mut wire = Wire::connect(broker.address(1));
        wire.send_bytes(&framed(&bytes));
    }
    assert_eq!(
        produce(&mut Wire::connect(broker.address(1)), "t", batch(&["a"]))
            .error_code
            .0,
        0
    );
}

#[test]
fn slow_and_silent_clients_harm_nobody() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut silent: Vec<Wire> = (0..50).map(|_| Wire::connect(broker.address(1))).collect();
    // A hundred megabytes are to come, and do not.
    for wire in &mut silent {
        wire.send_bytes(&[6, 0x40, 0, 0, 0, 3]);
    }
    // One that asks and does not read.
    let mut deaf = Wire::connect(broker.address(1));
    let flood = thread::spawn(move || {
        for _ in 0..10_000 {
            if !deaf.try_send(
                1,
                &MetadataRequest {
                    topics: None,
                    ..Default::default()
                },
                Duration::from_millis(200),
            ) {
                return;
            }
        }
    });
    for offset in 0..100 {
        let mut wire = Wire::connect(broker.address(1));
        assert_eq!(produce(&mut wire, "t", batch(&["a"])).base_offset, offset);
    }
    flood.join().unwrap();
    drop(broker);
}

#[test]
fn a_thousand_clients_are_served_at_once() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut wires: Vec<Wire> = (0..1000)
        .map(|_| Wire::connect(broker.address(1)))
        .collect();
    for wire in &mut wires {
        wire.send(
            1,
            &MetadataRequest {
                topics: None,
                ..Default::default()
            },
        );
    }
    for wire in &mut wires {
        let response = wire.receive::<MetadataRequest>(1).unwrap();
        assert_eq!(response.topics.len(), 1);
    }
}

#[test]
fn a_client_that_goes_while_the_broker_waits_for_it_is_let_go() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let request = FetchRequest {
        max_wait_ms: i32::MAX,
        min_bytes: i32::MAX,
        topics: vec![FetchTopic {
            topic: "t".into(),
            partitions: vec![FetchPartition::default()],
            ..Default::default()
        }],
        ..Default::default()
    };
    wire.send(12, &request);
    until(|| (broker.connections(1) == 1).then_some(()));
    drop(wire);
    until(|| (broker.connections(1) == 0).then_some(()));
}

#[test]
fn a_thread_that_panics_ends_its_connection_and_no_other() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut other = Wire::connect(broker.address(1));
    let fault = broker.inject(
        Fault::any()
            .alter(|_: &ApiVersionsRequest, _: &mut ApiVersionsResponse| panic!("on purpose")),
    );
    let mut wire = Wire::connect(broker.address(1));
    wire.send(0, &ApiVersionsRequest::default());
    wire.expect_end();
    fault.remove();
    goes_on(Wire::connect(broker.address(1)));
    assert_eq!(produce(&mut other, "t", batch(&["a"])).base_offset, 0);
    drop(other);
    until(|| (broker.connections(1) == 0).then_some(()));
}

#[test]
fn a_broker_starts_with_no_config_that_it_cannot_have() {
    for (name, value) in [
        ("num.partitions", "100000000000"),
        ("num.partitions", "0"),
        ("num.partitions", "many"),
        ("log.retention.ms", "soon"),
        ("message.max.bytes", "-1"),
    ] {
        let started = Broker::builder().config(name, value).start();
        let Err(error) = started else {
            panic!("{name}={value} is taken");
        };
        let error = error.to_string();
        assert!(error.contains(name), "{error}");
    }
    let broker = Broker::builder()
        .config("num.partitions", "2147483647")
        .start()
        .unwrap();
    let request = MetadataRequest {
        topics: Some(vec![MetadataRequestTopic {
            name: Some("made".into()),
            ..Default::default()
        }]),
        ..Default::default()
    };
    let mut wire = Wire::connect(broker.address(1));
    wire.call(
        4,
        &MetadataRequest {
            allow_auto_topic_creation: true,
            ..request.clone()
        },
    );
    let made = wire.call(4, &request).topics.remove(0);
    assert_eq!(made.partitions.len(), 10_000);
}
