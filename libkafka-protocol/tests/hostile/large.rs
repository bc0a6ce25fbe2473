//! Large messages that are what they claim to be.

use std::time::Instant;

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

/// How many times as long one large frame takes as `times` small ones, which
/// have about as many bytes in all; the least of several, by turns, so that the
/// machine's other work does not count.
fn slowdown(name: &str, version: i16, large: Vec<u8>, small: Vec<u8>, times: u32) -> f64 {
    let targets = targets::all();
    let target = targets.iter().find(|t| t.schema.name == name).unwrap();
    let time_of = |frame: &Bytes, times| {
        let start = Instant::now();
        for _ in 0..times {
            // Some of these end in an error, at their very end.
            let _ = (target.decode)(version, frame, Default::default());
        }
        start.elapsed()
    };
    let (large, small) = (Bytes::from(large), Bytes::from(small));
    let runs = (0..7).map(|_| (time_of(&large, 1), time_of(&small, times)));
    let least = runs.reduce(|a, b| (a.0.min(b.0), a.1.min(b.1))).unwrap();
    least.0.as_secs_f64() / least.1.as_secs_f64()
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
        let times = 64;
        let slowdown = slowdown(name, version, build(1000 * times), build(1000), times);
        // In quadratic time that were 64.
        assert!(
            slowdown < 16.0,
            "{what}: a frame of {times} times the bytes takes {slowdown:.0} times that time"
        );
    }
}
