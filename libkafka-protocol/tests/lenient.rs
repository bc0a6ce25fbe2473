//! What other people's clients and brokers send: decoded leniently, and every fault counted.

use libkafka_protocol::frame::{
    self, decode_request, decode_request_exact, decode_response, decode_response_exact,
};
use libkafka_protocol::messages::{
    ApiVersionsResponse, LeaveGroupResponse, MetadataRequest, MetadataResponse, RequestHeader,
};
use libkafka_protocol::{ApiKey, Bytes, ErrorCode, ErrorKind, KafkaWire, Limits};

/// A response frame without its length: correlation id 7, header tags where there are any, body.
fn response(tags: &[u8], body: &[u8]) -> Bytes {
    [&[0, 0, 0, 7], tags, body].concat().into()
}

/// Bytes of an ApiVersions response with error 35, what can be read of the list, and the bytes that
/// are overlooked.
type Refusal = (&'static [u8], &'static [(i16, i16, i16)], usize);

const REFUSALS: [Refusal; 9] = [
    // Version 0, as Kafka before and after 2.4 sends it.
    (&[0, 35, 0, 0, 0, 0], &[], 0),
    (&[0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 3], &[(18, 0, 3)], 0),
    // Version 1, without and with a range.
    (&[0, 35, 0, 0, 0, 0, 0, 0, 0, 0], &[], 0),
    (
        &[0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0],
        &[(18, 0, 2)],
        0,
    ),
    // Version 3.
    (
        &[0, 35, 2, 0, 18, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0],
        &[(18, 0, 3)],
        0,
    ),
    // librdkafka's mock cluster: a compact count that is one too low.
    (&[0, 35, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0], &[], 11),
    // The code alone, and the code with something else.
    (&[0, 35], &[], 0),
    (&[0, 35, 9, 9, 9], &[], 3),
    // Version 0 with bytes after it that belong to no version.
    (
        &[0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 3, 7, 7],
        &[(18, 0, 3)],
        2,
    ),
];

#[test]
fn a_refusal_of_api_versions_is_read_in_any_version_whatever_else_is_in_it() {
    for version in ApiVersionsResponse::VERSIONS.iter().skip(1) {
        for (body, list, overlooked) in REFUSALS {
            let frame = response(&[], body);
            let (id, refusal, faults) =
                decode_response::<ApiVersionsResponse>(version, &frame).unwrap();
            assert_eq!(id, 7);
            assert_eq!(refusal.error_code, ErrorCode::UNSUPPORTED_VERSION);
            let read: Vec<_> = refusal
                .api_keys
                .iter()
                .map(|api| (api.api_key.0, api.min_version, api.max_version))
                .collect();
            assert_eq!(read, list, "v{version} of {body:?}");
            assert_eq!(faults.trailing_bytes, overlooked, "v{version} of {body:?}");
        }
    }
}

#[test]
fn the_exact_form_reads_a_refusal_in_version_0_and_in_the_version_that_was_asked_for() {
    for version in ApiVersionsResponse::VERSIONS.iter() {
        for (body, _, _) in &REFUSALS[..2] {
            let (_, refusal) =
                decode_response_exact::<ApiVersionsResponse>(version, &response(&[], body))
                    .unwrap();
            assert_eq!(refusal.error_code, ErrorCode::UNSUPPORTED_VERSION);
        }
    }
    let own_form = response(&[], REFUSALS[4].0);
    assert!(decode_response_exact::<ApiVersionsResponse>(3, &own_form).is_ok());
    assert!(decode_response_exact::<ApiVersionsResponse>(2, &own_form).is_err());
    for (body, _, _) in &REFUSALS[5..] {
        let frame = response(&[], body);
        assert!(decode_response_exact::<ApiVersionsResponse>(5, &frame).is_err());
    }
}

#[test]
fn only_error_35_of_api_versions_is_read_in_another_version() {
    // CLUSTER_AUTHORIZATION_FAILED in version 0, where version 3 was asked for.
    let other_code = response(&[], &[0, 31, 0, 0, 0, 0]);
    assert!(decode_response::<ApiVersionsResponse>(3, &other_code).is_err());
    // The first two bytes of a throttle time.
    let other_api = response(&[0], &[0, 35, 0, 0]);
    assert!(decode_response::<LeaveGroupResponse>(4, &other_api).is_err());
}

#[test]
fn bytes_after_a_request_are_overlooked_as_kafka_does_and_counted() {
    let header = RequestHeader {
        request_api_key: ApiKey::METADATA,
        request_api_version: 13,
        correlation_id: 7,
        client_id: Some("rdkafka".into()),
        ..Default::default()
    };
    let request = MetadataRequest {
        topics: None,
        ..Default::default()
    };
    let mut out = Vec::new();
    frame::encode_request(&header, &request, &mut out).unwrap();
    let good = Bytes::from(out.clone()).slice(frame::LENGTH_SIZE..);
    // librdkafka 2.16 sends three bytes too many when it asks for all topics.
    out.extend([0, 0, 0]);
    let longer = Bytes::from(out).slice(frame::LENGTH_SIZE..);

    let (read_header, read, overlooked) = decode_request::<MetadataRequest>(&longer).unwrap();
    assert_eq!((&read_header, &read), (&header, &request));
    assert_eq!((overlooked.trailing_bytes, overlooked.null_arrays), (3, 0));
    let error = decode_request_exact::<MetadataRequest>(&longer).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TrailingBytes(3));

    let (_, _, overlooked) = decode_request::<MetadataRequest>(&good).unwrap();
    assert!(overlooked.is_empty());
    let (read_header, read) = decode_request_exact::<MetadataRequest>(&good).unwrap();
    assert_eq!((read_header, read), (header, request));
}

#[test]
fn a_request_of_another_api_is_an_error_that_names_both() {
    let heartbeat = Bytes::from_static(&[0, 12, 0, 0, 0, 0, 0, 7, 0xff, 0xff, 0, 0]);
    let error = decode_request::<MetadataRequest>(&heartbeat).unwrap_err();
    let kind = ErrorKind::UnexpectedApi {
        expected: ApiKey::METADATA,
        found: ApiKey::HEARTBEAT,
    };
    assert_eq!(*error.kind(), kind);
    assert!(decode_request_exact::<MetadataRequest>(&heartbeat).is_err());
}

/// A Metadata v12 response: one topic with one partition, whose replicas are as given.
fn metadata(replicas: &[u8]) -> Vec<u8> {
    [
        &[0, 0, 0, 0][..],                           // throttle time
        &[1],                                        // no brokers
        &[2, b'c'],                                  // cluster id
        &[0, 0, 0, 1],                               // controller
        &[2],                                        // one topic
        &[0, 0, 2, b't'],                            // code, name
        &[0; 16],                                    // id
        &[0],                                        // not internal
        &[2],                                        // one partition
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5], // code, index, leader, epoch
        replicas,
        &[1, 1, 0],          // in-sync and offline replicas, tags
        &[0x80, 0, 0, 0, 0], // authorized operations, tags of the topic
        &[0],                // tags
    ]
    .concat()
}

#[test]
fn a_byte_after_a_response_is_overlooked_and_counted() {
    let good = metadata(&[2, 0, 0, 0, 1]);
    let longer = [&good[..], &[0]].concat();
    let (_, read, overlooked) =
        decode_response::<MetadataResponse>(12, &response(&[0], &longer)).unwrap();
    assert_eq!(read.topics[0].partitions[0].replica_nodes, [1]);
    assert_eq!((overlooked.trailing_bytes, overlooked.null_arrays), (1, 0));
    assert_eq!(overlooked.to_string(), "trailing bytes: 1, null arrays: 0");
    let error =
        decode_response_exact::<MetadataResponse>(12, &response(&[0], &longer)).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TrailingBytes(1));
    assert!(decode_response_exact::<MetadataResponse>(12, &response(&[0], &good)).is_ok());
}

#[test]
fn null_arrays_of_structs_and_of_ids_are_read_as_empty_and_counted() {
    // LeaveGroup v4 of librdkafka's mock cluster: null members.
    let body = [0, 0, 0, 0, 0, 0, 0, 0];
    let (_, read, overlooked) =
        decode_response::<LeaveGroupResponse>(4, &response(&[0], &body)).unwrap();
    assert!(read.members.is_empty());
    assert_eq!((overlooked.trailing_bytes, overlooked.null_arrays), (0, 1));
    let error = decode_response_exact::<LeaveGroupResponse>(4, &response(&[0], &body)).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::UnexpectedNull);
    assert_eq!(
        (error.path().as_str(), error.offset()),
        ("members", Some(7))
    );

    let body = metadata(&[0]);
    let (read, overlooked) =
        MetadataResponse::decode_lenient(12, &body, Limits::default()).unwrap();
    assert!(read.topics[0].partitions[0].replica_nodes.is_empty());
    assert_eq!(overlooked.null_arrays, 1);
    let error = MetadataResponse::decode_exact(12, &body).unwrap_err();
    assert_eq!(error.path(), "topics[0].partitions[0].replica_nodes");
}

#[test]
fn a_lenient_decoder_refuses_every_other_fault() {
    let limits = Limits::default();
    // A member whose id, a string, is null.
    let body = [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0];
    let error = LeaveGroupResponse::decode_lenient(4, &body, limits).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::UnexpectedNull);
    // Bytes that are cut off, and a version that does not exist.
    let body = metadata(&[1]);
    for length in 0..body.len() {
        let read = MetadataResponse::decode_lenient(12, &body[..length], limits);
        assert!(read.is_err(), "{length} bytes");
    }
    let error = MetadataResponse::decode_lenient(99, &body, limits).unwrap_err();
    assert_eq!(error.version(), Some(99));
}
