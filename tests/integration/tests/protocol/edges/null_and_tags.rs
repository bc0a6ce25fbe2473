//! Null, and tagged fields.

use libkafka_protocol::messages::describe_topic_partitions::request::Cursor;
use libkafka_protocol::messages::*;
use libkafka_protocol::{ErrorKind, KafkaWire, Uuid};
use libkafka_testkafka::{Oracle, require};

use super::both_ways::{Edges, encode, refused};

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
