//! Large messages that are what they claim to be.

use std::time::{Duration, Instant};

use libkafka_protocol::{Bytes, KafkaWire, messages::*};

use crate::allocations::Allocations;
use crate::minimal::varint;
use crate::targets;

const TEN_MILLION: usize = 10_000_000;

#[test]
fn ten_million_ids_that_are_there_decode_in_memory_of_their_size() {
    // MetadataResponse v0: no broker, one topic without a name, one partition.
    let mut bytes = vec![0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
    bytes.extend([0; 10]);
    bytes.extend((TEN_MILLION as u32).to_be_bytes());
    for id in 0..TEN_MILLION as i32 {
        bytes.extend(id.to_be_bytes());
    }
    bytes.extend([0; 4]);
    let frame = Bytes::from(bytes);
    let (response, cost) = Allocations::of(|| MetadataResponse::decode_exact(0, &frame));
    let replicas = &response.unwrap().topics[0].partitions[0].replica_nodes;
    assert_eq!(
        (replicas.len(), replicas[TEN_MILLION - 1]),
        (TEN_MILLION, TEN_MILLION as i32 - 1)
    );
    assert!(cost.peak <= 2 * frame.len(), "{cost:?} of {}", frame.len());
}

#[test]
fn ten_million_strings_that_are_there_decode_in_memory_linear_in_the_frame() {
    // DeleteTopicsRequest v4: names, of no bytes each, a timeout, no tags.
    let mut bytes = Vec::new();
    varint(TEN_MILLION as u32 + 1, &mut bytes);
    bytes.resize(bytes.len() + TEN_MILLION, 1);
    bytes.extend([0; 5]);
    let frame = Bytes::from(bytes);
    let (request, cost) = Allocations::of(|| DeleteTopicsRequest::decode_exact(4, &frame));
    assert_eq!(request.unwrap().topic_names.len(), TEN_MILLION);
    assert!(
        cost.peak <= size_of::<String>() * frame.len(),
        "{cost:?} of {}",
        frame.len()
    );
}

/// The least time of several, so that the machine's other work does not count.
fn time_of(name: &str, version: i16, frame: Vec<u8>) -> Duration {
    let frame = Bytes::from(frame);
    let target = targets::all()
        .into_iter()
        .find(|t| t.schema.name == name)
        .unwrap();
    let run = || {
        let start = Instant::now();
        // Some of these end in an error, at their very end.
        let _ = (target.decode)(version, &frame, Default::default());
        start.elapsed()
    };
    (0..5).map(|_| run()).min().unwrap()
}

#[test]
fn decoding_takes_time_linear_in_the_frame() {
    type Build = fn(u32) -> Vec<u8>;
    let unknown_tags: Build = |n| {
        let mut bytes = vec![0; 6];
        varint(n, &mut bytes);
        for tag in 0..n {
            varint(tag, &mut bytes);
            bytes.push(0);
        }
        bytes
    };
    let topics_with_tags: Build = |n| {
        // MetadataRequest v12: id, null name, one unknown tag each.
        let mut bytes = Vec::new();
        varint(n + 1, &mut bytes);
        for _ in 0..n {
            bytes.extend([0; 17]);
            bytes.extend([1, 9, 1, 7]);
        }
        bytes.extend([1, 0, 0]);
        bytes
    };
    let error_at_the_end: Build = |n| {
        let mut bytes = n.to_be_bytes().to_vec();
        bytes.resize(4 + 2 * n as usize - 1, 0);
        bytes
    };
    for (what, name, version, build) in [
        ("unknown tags", "HeartbeatResponse", 4, unknown_tags),
        (
            "topics with a tag each",
            "MetadataRequest",
            12,
            topics_with_tags,
        ),
        (
            "names, the last cut off",
            "DeleteTopicsRequest",
            1,
            error_at_the_end,
        ),
    ] {
        let (small, large) = (2_000, 64_000);
        let ratio = time_of(name, version, build(large)).as_secs_f64()
            / time_of(name, version, build(small)).as_secs_f64();
        // 32 times the bytes; in quadratic time that were 1024 times the time.
        assert!(
            ratio < 200.0,
            "{what}: {ratio:.0} times the time for 32 times the bytes"
        );
    }
}
