//! Headers of frames, and what follows the end of a message.

use libkafka_protocol::frame::{decode_request_header, decode_response_exact};
use libkafka_protocol::{ApiKey, Bytes, Error, ErrorKind, KafkaWire, messages::*};

use crate::allocations::Allocations;
use crate::{COST_OF_AN_ERROR, refuses, says};

fn header_error(bytes: &[u8]) -> Error {
    let frame = Bytes::copy_from_slice(bytes);
    let (result, cost) = Allocations::of(|| decode_request_header(&frame));
    assert!(cost.total <= COST_OF_AN_ERROR, "{cost:?}");
    result.unwrap_err()
}

#[test]
fn a_request_header_in_a_short_buffer_is_an_error_at_every_length() {
    // Heartbeat v4: key, version, correlation id, client id, tags.
    let header = [0, 12, 0, 4, 0, 0, 0, 9, 0, 2, b'm', b'e', 0];
    let (read, rest) = decode_request_header(&Bytes::copy_from_slice(&header)).unwrap();
    assert_eq!((read.client_id.as_deref(), rest.len()), (Some("me"), 0));

    let incomplete = |needed, remaining| ErrorKind::Incomplete { needed, remaining };
    for (length, path, offset, kind) in [
        (0, "request_api_key", 0, incomplete(2, 0)),
        (1, "request_api_key", 0, incomplete(2, 1)),
        (2, "request_api_version", 2, incomplete(2, 0)),
        (3, "request_api_version", 2, incomplete(2, 1)),
        (4, "correlation_id", 4, incomplete(4, 0)),
        (7, "correlation_id", 4, incomplete(4, 3)),
        (8, "client_id", 8, incomplete(2, 0)),
        (9, "client_id", 8, incomplete(2, 1)),
        (10, "client_id", 10, incomplete(2, 0)),
        (11, "client_id", 10, incomplete(2, 1)),
        (12, "", 12, incomplete(1, 0)),
    ] {
        let error = header_error(&header[..length]);
        // Which version it is follows from the first two fields.
        let version = if offset < 4 { 1 } else { 2 };
        says::<RequestHeader>(&error, version, path, Some(offset), kind);
    }
}

#[test]
fn a_response_header_in_a_short_buffer_is_an_error_at_every_length() {
    for length in 0..4 {
        let frame = Bytes::copy_from_slice(&[0, 0, 0, 9][..length]);
        let error = decode_response_exact::<HeartbeatResponse>(0, &frame).unwrap_err();
        let kind = ErrorKind::Incomplete {
            needed: 4,
            remaining: length,
        };
        says::<ResponseHeader>(&error, 0, "correlation_id", Some(0), kind);
    }
    let frame = Bytes::from_static(&[0, 0, 0, 9]);
    let error = decode_response_exact::<HeartbeatResponse>(4, &frame).unwrap_err();
    let kind = ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    says::<ResponseHeader>(&error, 1, "", Some(4), kind);
}

#[test]
fn a_header_of_an_unknown_api_or_version_is_an_error() {
    for (key, version) in [(12, 5), (12, -1), (9999, 0), (-1, 0), (18, -1)] {
        let [a, b] = i16::to_be_bytes(key);
        let [c, d] = i16::to_be_bytes(version);
        let error = header_error(&[a, b, c, d, 0, 0, 0, 9, 0xff, 0xff]);
        let api_key = ApiKey(key);
        let kind = ErrorKind::UnknownApi { api_key, version };
        says::<RequestHeader>(&error, 1, "", Some(4), kind);
    }
}

#[test]
fn bytes_after_the_end_are_left_to_the_caller_or_an_error() {
    let bytes = [0, 0, 0, 0, 0, 0, 7, 7, 7];
    let (_, rest) = HeartbeatResponse::decode(1, &bytes).unwrap();
    assert_eq!(rest, [7, 7, 7]);
    refuses::<HeartbeatResponse>(1, &bytes, "", 6, ErrorKind::TrailingBytes(3));

    let frame = Bytes::from_static(&[0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 7]);
    let error = decode_response_exact::<HeartbeatResponse>(1, &frame).unwrap_err();
    let kind = ErrorKind::TrailingBytes(1);
    says::<HeartbeatResponse>(&error, 1, "", Some(6), kind);
}
