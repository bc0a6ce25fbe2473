//! Fields and numbers at the ends of their ranges.

use libkafka_protocol::messages::{alter_client_quotas::request as quotas, fetch, *};
use libkafka_protocol::{ErrorCode, ErrorKind, KafkaWire};
use libkafka_testkafka::{Oracle, require};

use super::both_ways::{Edges, encode, refused};

#[test]
fn ranges_that_end_take_their_fields_with_them() {
    let mut edges = Edges::default();
    // FindCoordinator asks for one key up to version 3, for several from 4 on.
    let one = FindCoordinatorRequest {
        key: "g".into(),
        ..Default::default()
    };
    edges.both_ways(0, &[0, 1, b'g'], &one);
    edges.both_ways(3, &[2, b'g', 0, 0], &one);
    assert_eq!(encode(&one, 4).unwrap_err().path(), "key");
    let several = FindCoordinatorRequest {
        coordinator_keys: vec!["g".into()],
        ..Default::default()
    };
    edges.both_ways(4, &[0, 2, 2, b'g', 0], &several);
    assert_eq!(encode(&several, 3).unwrap_err().path(), "coordinator_keys");
    // OffsetFetch likewise, from version 8 on.
    let group = OffsetFetchRequest {
        group_id: "g".into(),
        ..Default::default()
    };
    edges.both_ways(7, &[2, b'g', 1, 0, 0], &group);
    assert_eq!(encode(&group, 8).unwrap_err().path(), "group_id");
    // Metadata asks for the cluster's operations in versions 8 to 10 alone.
    let operations = MetadataRequest {
        topics: Some(vec![]),
        include_cluster_authorized_operations: true,
        ..Default::default()
    };
    edges.both_ways(8, &[0, 0, 0, 0, 1, 1, 0], &operations);
    edges.both_ways(10, &[1, 1, 1, 0, 0], &operations);
    for version in [7, 11] {
        let error = encode(&operations, version).unwrap_err();
        assert_eq!(error.path(), "include_cluster_authorized_operations");
        assert_eq!(error.kind(), &ErrorKind::NotInVersion);
    }
    // Fetch names topics up to version 12, and is silent about a name after that.
    let fetched = |topic: &str| FetchResponse {
        responses: vec![fetch::FetchableTopicResponse {
            topic: topic.into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let head = [0; 10];
    let named = [&head[..], &[2, 2, b't', 1, 0, 0]].concat();
    edges.both_ways(12, &named, &fetched("t"));
    let by_id = [&head[..], &[2], &[0; 16], &[1, 0, 0]].concat();
    edges.both_ways(13, &by_id, &fetched(""));
    assert_eq!(encode(&fetched("t"), 13).unwrap(), by_id);
    // Produce does the same.
    let produced = |name: &str| ProduceRequest {
        topic_data: vec![produce::TopicProduceData {
            name: name.into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let head = [0, 0, 0, 0, 0, 0, 0, 2];
    let named = [&head[..7], &[2, 2, b't', 1, 0, 0]].concat();
    edges.both_ways(12, &named, &produced("t"));
    let by_id = [&head[..7], &[2], &[0; 16], &[1, 0, 0]].concat();
    edges.both_ways(13, &by_id, &produced(""));
    assert_eq!(encode(&produced("t"), 13).unwrap(), by_id);
    require!();
    edges.agree_with_kafka();
}

#[test]
fn numbers_that_are_none_and_those_without_end_survive() {
    let mut edges = Edges::default();
    for (value, bits) in [
        (f64::INFINITY, [0x7f, 0xf0, 0, 0, 0, 0, 0, 0]),
        (f64::NEG_INFINITY, [0xff, 0xf0, 0, 0, 0, 0, 0, 0]),
        (-0.0, [0x80, 0, 0, 0, 0, 0, 0, 0]),
        (5e-324, [0, 0, 0, 0, 0, 0, 0, 1]),
        (f64::NAN, [0x7f, 0xf8, 0, 0, 0, 0, 0, 0]),
    ] {
        let operation = quotas::OpData {
            key: "k".into(),
            value,
            ..Default::default()
        };
        let entry = quotas::EntryData {
            ops: vec![operation],
            ..Default::default()
        };
        let request = AlterClientQuotasRequest {
            entries: vec![entry],
            ..Default::default()
        };
        let bytes = [&[2, 1, 2, 2, b'k'][..], &bits, &[0, 0, 0, 0, 0]].concat();
        assert_eq!(encode(&request, 1).unwrap(), bytes);
        let read = AlterClientQuotasRequest::decode_exact(1, &bytes).unwrap();
        assert_eq!(read.entries[0].ops[0].value.to_bits(), value.to_bits());
        edges.0.push(("AlterClientQuotasRequest", 1, bytes));
    }
    require!();
    edges.agree_with_kafka();
}

#[test]
fn a_code_that_no_one_knows_survives() {
    let mut edges = Edges::default();
    let response = HeartbeatResponse {
        error_code: ErrorCode(12345),
        ..Default::default()
    };
    edges.both_ways(0, &[0x30, 0x39], &response);
    let response = HeartbeatResponse {
        error_code: ErrorCode(i16::MIN),
        ..Default::default()
    };
    edges.both_ways(0, &[0x80, 0], &response);
    require!();
    edges.agree_with_kafka();
}

#[test]
fn a_varint_ends_after_five_bytes_and_may_be_longer_than_need_be() {
    // An empty array in five bytes, a timeout, no tags in two.
    let long = [0x81, 0x80, 0x80, 0x80, 0, 0, 0, 0, 7, 0x80, 0];
    let request = DeleteTopicsRequest::decode_exact(4, &long).unwrap();
    let short = [1, 0, 0, 0, 7, 0];
    assert_eq!(encode(&request, 4).unwrap(), short);
    let six = [0x81, 0x80, 0x80, 0x80, 0x80, 0, 0, 0, 0, 7, 0];
    let kind = ErrorKind::VarintOverflow { bits: 32 };
    assert_eq!(refused::<DeleteTopicsRequest>(4, &six), kind);
    require!();
    let mut oracle = Oracle::shared();
    let read = oracle
        .check("DeleteTopicsRequest", 4, &long)
        .unwrap()
        .unwrap();
    assert_eq!((&read.bytes[..], read.trailing), (&short[..], 0));
    oracle
        .check("DeleteTopicsRequest", 4, &six)
        .unwrap()
        .unwrap_err();
}
