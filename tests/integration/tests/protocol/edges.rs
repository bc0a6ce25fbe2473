//! Where implementations of the protocol go wrong, each against bytes written
//! by hand that Kafka's own classes read and write too.

use std::fmt::Debug;

use libkafka_protocol::frame::{decode_request_header, decode_response, encode_response};
use libkafka_protocol::messages::describe_topic_partitions::request::Cursor;
use libkafka_protocol::messages::{
    alter_client_quotas::request as quotas, api_versions,
    consumer_protocol_assignment as assignment, fetch, offset_delete, *,
};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{
    ApiKey, Bytes, Error, ErrorCode, ErrorKind, KafkaWire, Request, Response, Uuid, Versions,
};
use libkafka_testkafka::{Oracle, require};

/// Bytes that Kafka too has to read and write, by message and version.
#[derive(Default)]
struct Edges(Vec<(&'static str, i16, Vec<u8>)>);

impl Edges {
    /// `message` becomes `bytes`, and they become it.
    #[track_caller]
    fn both_ways<T>(&mut self, version: i16, bytes: &[u8], message: &T)
    where
        T: KafkaWire + for<'de> Decode<'de> + PartialEq + Debug,
    {
        let mut encoded = Vec::new();
        message.encode(version, &mut encoded).unwrap();
        assert_eq!(encoded, bytes);
        assert_eq!(&T::decode_exact(version, bytes).unwrap(), message);
        self.0.push((T::SCHEMA.name, version, bytes.to_vec()));
    }

    #[track_caller]
    fn agree_with_kafka(self) {
        let mut oracle = Oracle::shared();
        for (name, version, bytes) in self.0 {
            let read = oracle.check(name, version, &bytes).unwrap().unwrap();
            assert_eq!((read.bytes, read.trailing), (bytes, 0), "{name} v{version}");
        }
    }
}

/// Bytes that no one takes: what we say of them.
#[track_caller]
fn refused<T: KafkaWire + for<'de> Decode<'de> + Debug>(version: i16, bytes: &[u8]) -> ErrorKind {
    T::decode_exact(version, bytes).unwrap_err().kind().clone()
}

fn encode<T: KafkaWire>(message: &T, version: i16) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    message.encode(version, &mut bytes).map(|()| bytes)
}

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
    encode_response(7, &response, 3, &mut frame).unwrap();
    assert_eq!(frame, [&[0, 0, 0, 19, 0, 0, 0, 7][..], &body].concat());
    let frame = Bytes::from(frame).slice(4..);
    assert_eq!(decode_response(3, &frame).unwrap(), (7, response));
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

#[test]
fn null_may_be_allowed_later_than_the_field_exists() {
    let mut edges = Edges::default();
    let all = MetadataRequest {
        topics: None,
        ..Default::default()
    };
    edges.both_ways(1, &[0xff; 4], &all);
    edges.both_ways(9, &[0, 1, 0, 0, 0], &all);
    assert_eq!(
        encode(&all, 0).unwrap_err().kind(),
        &ErrorKind::UnexpectedNull
    );
    assert_eq!(
        refused::<MetadataRequest>(0, &[0xff; 4]),
        ErrorKind::UnexpectedNull
    );
    // In version 0 it is the empty array that asks for all topics.
    let none = MetadataRequest {
        topics: Some(vec![]),
        ..Default::default()
    };
    edges.both_ways(0, &[0; 4], &none);
    // A topic's name: from version 10 on it may be null, beside an id.
    let topic = metadata::MetadataRequestTopic {
        topic_id: Uuid([7; 16]),
        name: None,
        ..Default::default()
    };
    let by_id = MetadataRequest {
        topics: Some(vec![topic]),
        ..Default::default()
    };
    assert_eq!(
        encode(&by_id, 9).unwrap_err().kind(),
        &ErrorKind::UnexpectedNull
    );
    let bytes = [&[2][..], &[7; 16], &[0, 0, 1, 0, 0]].concat();
    edges.both_ways(12, &bytes, &by_id);
    require!();
    {
        let mut oracle = Oracle::shared();
        oracle
            .check("MetadataRequest", 0, &[0xff; 4])
            .unwrap()
            .unwrap_err();
    }
    edges.agree_with_kafka();
}

#[test]
fn a_nullable_struct_is_a_byte_and_what_follows() {
    let mut edges = Edges::default();
    let mut request = DescribeTopicPartitionsRequest::default();
    let head = [1, 0, 0, 7, 208];
    edges.both_ways(0, &[&head[..], &[0xff, 0]].concat(), &request);
    request.cursor = Some(Cursor {
        topic_name: "t".into(),
        partition_index: 3,
        ..Default::default()
    });
    let cursor = [2, b't', 0, 0, 0, 3, 0];
    edges.both_ways(0, &[&head[..], &[1], &cursor, &[0]].concat(), &request);
    // Every number that is not negative says that it is there.
    for there in [0, 2, 127] {
        let bytes = [&head[..], &[there], &cursor, &[0]].concat();
        assert_eq!(
            DescribeTopicPartitionsRequest::decode_exact(0, &bytes).unwrap(),
            request
        );
    }
    require!();
    edges.agree_with_kafka();
}

#[test]
fn tags_ascend_and_those_at_their_default_are_left_out() {
    let mut edges = Edges::default();
    let mut response = ApiVersionsResponse::default();
    edges.both_ways(3, &[0, 0, 1, 0, 0, 0, 0, 0], &response);
    response.finalized_features_epoch = 1;
    response.zk_migration_ready = true;
    response.unknown_tags = [(9, &[1, 2][..])].into_iter().collect();
    let tags = [3, 1, 8, 0, 0, 0, 0, 0, 0, 0, 1, 3, 1, 1, 9, 2, 1, 2];
    edges.both_ways(3, &[&[0, 0, 1, 0, 0, 0, 0][..], &tags].concat(), &response);
    // What is set is ignorable in a version that has no tags; what is unknown is not.
    let error = encode(&response, 2).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::TagsNotInVersion);
    response.unknown_tags = Default::default();
    assert_eq!(encode(&response, 2).unwrap(), [0; 10]);
    require!();
    edges.agree_with_kafka();
}

#[test]
fn a_known_tag_in_a_version_that_lacks_it_is_an_error_in_kafka_too() {
    // FetchRequest v12 with tag 1, which comes with version 15.
    let mut bytes = vec![0; 25];
    bytes.extend([1, 1, 1, 1, 1, 0]);
    let kind = ErrorKind::TagNotInVersion { tag: 1 };
    assert_eq!(refused::<FetchRequest>(12, &bytes), kind);
    require!();
    Oracle::shared()
        .check("FetchRequest", 12, &bytes)
        .unwrap()
        .unwrap_err();
}

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
