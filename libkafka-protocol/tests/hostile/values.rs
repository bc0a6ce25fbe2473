//! Values that are no such values: null, negative lengths, varints, text.

use libkafka_protocol::{ErrorKind, KafkaWire, messages::*};

use crate::refuses;

#[test]
fn null_in_a_field_that_is_not_nullable_is_an_error() {
    let null = || ErrorKind::UnexpectedNull;
    // Strings.
    refuses::<HeartbeatRequest>(0, &[0xff, 0xff, 0, 0, 0, 0, 0, 0], "group_id", 2, null());
    refuses::<HeartbeatRequest>(4, &[0, 0, 0, 0, 0, 1, 0, 0], "group_id", 1, null());
    // Arrays: of structs, of strings, of ids.
    refuses::<MetadataResponse>(0, &[0xff; 4], "brokers", 4, null());
    refuses::<MetadataResponse>(9, &[0; 5], "brokers", 5, null());
    refuses::<DeleteTopicsRequest>(1, &[0xff; 4], "topic_names", 4, null());
    let metadata = [
        0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    let bytes = [&metadata[..], &[0xff; 4]].concat();
    let path = "topics[0].partitions[0].replica_nodes";
    refuses::<MetadataResponse>(0, &bytes, path, 30, null());
    // Bytes.
    refuses::<SaslAuthenticateRequest>(0, &[0xff; 4], "auth_bytes", 4, null());
    refuses::<SaslAuthenticateRequest>(2, &[0], "auth_bytes", 1, null());
    // A field that is nullable in later versions only.
    refuses::<MetadataRequest>(0, &[0xff; 4], "topics", 4, null());
    assert_eq!(
        MetadataRequest::decode_exact(1, &[0xff; 4]).unwrap().topics,
        None
    );
}

#[test]
fn a_negative_length_other_than_that_of_null_is_an_error() {
    let kind = || ErrorKind::NegativeLength(-5);
    refuses::<FindCoordinatorRequest>(0, &[0xff, 0xfb], "key", 2, kind());
    let five = [0xff, 0xff, 0xff, 0xfb];
    refuses::<MetadataRequest>(1, &five, "topics", 4, kind());
    refuses::<DeleteTopicsRequest>(1, &five, "topic_names", 4, kind());
    refuses::<SaslAuthenticateRequest>(0, &five, "auth_bytes", 4, kind());
    // Nullable ones too.
    let host = [
        &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1][..],
        &[0xff, 0xfb],
    ]
    .concat();
    refuses::<MetadataResponse>(1, &host, "brokers[0].rack", 16, kind());
    let min = ErrorKind::NegativeLength(i32::MIN);
    refuses::<MetadataRequest>(1, &[0x80, 0, 0, 0], "topics", 4, min);
    let min = ErrorKind::NegativeLength(i16::MIN.into());
    refuses::<HeartbeatRequest>(0, &[0x80, 0], "group_id", 2, min);
}

#[test]
fn a_varint_that_overflows_or_does_not_end_is_an_error() {
    // DeleteTopicsRequest v4: a compact array in front.
    let overflow = |bytes: &[u8]| {
        let kind = ErrorKind::VarintOverflow { bits: 32 };
        refuses::<DeleteTopicsRequest>(4, bytes, "topic_names", 0, kind);
    };
    overflow(&[0xff, 0xff, 0xff, 0xff, 0x1f]);
    overflow(&[0x80, 0x80, 0x80, 0x80, 0x10]);
    overflow(&[0x81, 0x80, 0x80, 0x80, 0x80, 0]);
    overflow(&[&[0x80; 9][..], &[0]].concat());
    overflow(&[&[0x80; 10][..], &[1]].concat());
    overflow(&[0xff; 64]);
    // Cut off: as long as it could still have ended well.
    for n in 0..5 {
        let kind = ErrorKind::Incomplete {
            needed: n + 1,
            remaining: n,
        };
        refuses::<DeleteTopicsRequest>(4, &vec![0x80; n], "topic_names", 0, kind);
    }
}

#[test]
fn a_varint_that_is_longer_than_need_be_is_read_as_kafka_reads_it() {
    // No topics, a timeout, no tags: each varint in all of five bytes.
    let bytes = [
        0x81, 0x80, 0x80, 0x80, 0, 0, 0, 0, 7, 0x80, 0x80, 0x80, 0x80, 0,
    ];
    let request = DeleteTopicsRequest::decode_exact(4, &bytes).unwrap();
    assert_eq!((request.topic_names.len(), request.timeout_ms), (0, 7));
}

#[test]
fn text_that_is_not_utf_8_is_an_error() {
    for (text, valid_up_to) in [
        (&[b'a', 0xff][..], 1),
        (&[0xc0, 0x80], 0),             // overlong
        (&[0xed, 0xa0, 0x80], 0),       // half a surrogate pair
        (&[b'a', b'b', 0xe2, 0x82], 2), // cut off
    ] {
        let kind = || ErrorKind::InvalidUtf8 { valid_up_to };
        let mut bytes = vec![0, text.len() as u8];
        bytes.extend(text);
        refuses::<HeartbeatRequest>(0, &bytes, "group_id", 2, kind());
        bytes.remove(0);
        bytes[0] += 1;
        refuses::<HeartbeatRequest>(4, &bytes, "group_id", 1, kind());
    }
}
