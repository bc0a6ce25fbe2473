//! Headers, and messages of which some part is never flexible.

use libkafka_protocol::frame::{decode_request_header, decode_response_exact, encode_response};
use libkafka_protocol::messages::{
    api_versions, consumer_protocol_assignment as assignment, offset_delete, *,
};
use libkafka_protocol::{ApiKey, Bytes, KafkaWire, Request, Response, Versions};
use libkafka_testkafka::require;

use super::both_ways::Edges;

#[test]
fn the_response_to_api_versions_is_flexible_behind_a_header_that_is_not() {
    let response = ApiVersionsResponse {
        api_keys: vec![api_versions::ApiVersion {
            api_key: ApiKey::METADATA,
            min_version: 0,
            max_version: 13,
            ..Default::default()
        }],
        ..Default::default()
    };
    let mut edges = Edges::default();
    edges.both_ways(
        2,
        &[0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 13, 0, 0, 0, 0],
        &response,
    );
    let body = [0, 0, 2, 0, 3, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0];
    edges.both_ways(3, &body, &response);
    for version in ApiVersionsResponse::VERSIONS.iter() {
        assert_eq!(ApiVersionsResponse::header_version(version), 0);
    }
    // Length, correlation id, and at once the error code: no tags between.
    let mut frame = Vec::new();
    encode_response(3, 7, &response, &mut frame).unwrap();
    assert_eq!(frame, [&[0, 0, 0, 19, 0, 0, 0, 7][..], &body].concat());
    let frame = Bytes::from(frame).slice(4..);
    assert_eq!(decode_response_exact(3, &frame).unwrap(), (7, response));
    require!();
    edges.agree_with_kafka();
}

#[test]
fn the_client_id_of_a_flexible_request_header_keeps_its_old_length() {
    let mut edges = Edges::default();
    let header = |client_id: Option<&str>| RequestHeader {
        request_api_key: ApiKey::METADATA,
        request_api_version: 9,
        correlation_id: 5,
        client_id: client_id.map(Into::into),
        ..Default::default()
    };
    let head = [0, 3, 0, 9, 0, 0, 0, 5];
    let named = [&head[..], &[0, 2, b'm', b'e', 0]].concat();
    edges.both_ways(2, &named, &header(Some("me")));
    let unnamed = [&head[..], &[0xff, 0xff, 0]].concat();
    edges.both_ways(2, &unnamed, &header(None));
    edges.both_ways(1, &unnamed[..10], &header(None));
    let (read, body) = decode_request_header(&Bytes::from(named)).unwrap();
    assert_eq!((read, body.len()), (header(Some("me")), 0));
    require!();
    edges.agree_with_kafka();
}

#[test]
fn some_messages_are_never_flexible() {
    let mut edges = Edges::default();
    let handshake = SaslHandshakeRequest {
        mechanism: "PLAIN".into(),
    };
    edges.both_ways(1, b"\0\x05PLAIN", &handshake);
    let delete = OffsetDeleteRequest {
        group_id: "g".into(),
        topics: vec![offset_delete::OffsetDeleteRequestTopic {
            name: "t".into(),
            partitions: vec![],
        }],
    };
    edges.both_ways(
        0,
        &[0, 1, b'g', 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 0],
        &delete,
    );
    let assigned = ConsumerProtocolAssignment {
        assigned_partitions: vec![assignment::TopicPartition {
            topic: "t".into(),
            partitions: vec![3],
        }],
        user_data: None,
    };
    let bytes = [
        0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff,
    ];
    edges.both_ways(3, &bytes, &assigned);
    let marker = EndTxnMarker {
        coordinator_epoch: 9,
    };
    edges.both_ways(0, &[0, 0, 0, 9], &marker);
    let aborted = AbortedTxn {
        last_stable_offset: 1,
        ..Default::default()
    };
    let mut bytes = [0; 32];
    bytes[31] = 1;
    edges.both_ways(0, &bytes, &aborted);

    for flexible in [
        SaslHandshakeRequest::FLEXIBLE,
        SaslHandshakeResponse::FLEXIBLE,
        OffsetDeleteRequest::FLEXIBLE,
        OffsetDeleteResponse::FLEXIBLE,
        ConsumerProtocolAssignment::FLEXIBLE,
        ConsumerProtocolSubscription::FLEXIBLE,
        EndTxnMarker::FLEXIBLE,
        AbortedTxn::FLEXIBLE,
    ] {
        assert_eq!(flexible, Versions::NONE);
    }
    assert_eq!(SaslHandshakeRequest::header_version(1), 1);
    assert_eq!(OffsetDeleteResponse::header_version(0), 0);
    require!();
    edges.agree_with_kafka();
}
