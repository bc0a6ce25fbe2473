//! Tagged fields, known and unknown.

use libkafka_protocol::{ErrorKind, KafkaWire, UnknownTags};

use crate::{assert_error, both_ways, encode, refused};

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3", flexible = "1+")]
struct Tagged {
    id: i8,
    // Declared out of order; written in order.
    #[kafka(versions = "1+", tag = 5)]
    five: Option<String>,
    #[kafka(versions = "2+", tag = 0, default = -1)]
    zero: i16,
    #[kafka(versions = "1+", tag = 300, ignorable)]
    ignored: bool,
    inner: Vec<Inner>,
    unknown_tags: UnknownTags,
}

/// Tagged fields of an inner struct, which does not know what is flexible.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Inner {
    base: i8,
    #[kafka(tag = 1)]
    one: i8,
    #[kafka(tag = 2, versions = "2+", ignorable)]
    two: i8,
}

fn unknown<const N: usize>(tags: [(u32, &[u8]); N]) -> UnknownTags {
    tags.into_iter().collect()
}

#[test]
fn tags_are_written_ascending_and_left_out_at_their_defaults() {
    both_ways(
        1,
        &[9, 1, 0],
        Tagged {
            id: 9,
            zero: -1,
            ..Default::default()
        },
    );
    both_ways(
        2,
        &[
            9, 1, 3, // id, no inner, three tags:
            0, 2, 0x12, 0x34, // tag 0, two bytes
            5, 2, 2, b'x', // tag 5, two bytes: a compact string
            0xac, 2, 1, 1, // tag 300, one byte
        ],
        Tagged {
            id: 9,
            zero: 0x1234,
            five: Some("x".into()),
            ignored: true,
            ..Default::default()
        },
    );
}

#[test]
fn unknown_tags_are_kept_and_written_between_the_known_ones() {
    let bytes = [
        9, 1, 5, // id, no inner, five tags:
        0, 2, 0, 1, // known
        3, 0, // unknown, empty
        5, 1, 1, // known: an empty string
        6, 3, 7, 8, 9, // unknown
        0xad, 2, 1, 0xff, // unknown, above all
    ];
    let message = Tagged {
        id: 9,
        zero: 1,
        five: Some(String::new()),
        unknown_tags: unknown([(3, &[]), (6, &[7, 8, 9]), (301, &[0xff])]),
        ..Default::default()
    };
    both_ways(3, &bytes, message.clone());
    let error = refused(&message, 0);
    assert_error(&error, "zero", None, ErrorKind::NotInVersion);
}

#[test]
fn unknown_tags_are_refused_where_there_are_none_and_where_they_are_known() {
    let message = Tagged {
        unknown_tags: unknown([(3, b"")]),
        ..Default::default()
    };
    let error = refused(&message, 0);
    assert_error(&error, "unknown_tags", None, ErrorKind::TagsNotInVersion);

    let message = Tagged {
        zero: 1,
        unknown_tags: unknown([(0, b"ab")]),
        ..Default::default()
    };
    let error = refused(&message, 2);
    assert_eq!(error.kind(), &ErrorKind::TagIsKnown { tag: 0 });
    // Known, even if the field itself is not written.
    let message = Tagged {
        unknown_tags: unknown([(5, b"ab")]),
        ..Default::default()
    };
    let error = refused(&message, 2);
    assert_eq!(error.kind(), &ErrorKind::TagIsKnown { tag: 5 });
}

#[test]
fn a_known_tag_in_a_version_that_lacks_it_is_an_error() {
    let error = Tagged::decode_exact(1, &[9, 1, 1, 0, 2, 0, 1]).unwrap_err();
    assert_error(
        &error,
        "zero",
        Some(5),
        ErrorKind::TagNotInVersion { tag: 0 },
    );
}

#[test]
fn tags_of_an_inner_struct_go_with_the_version_of_the_message() {
    let message = |one, two| Tagged {
        inner: vec![Inner { base: 8, one, two }],
        ..Default::default()
    };
    both_ways(0, &[0, 0, 0, 0, 1, 8], message(0, 0));
    both_ways(1, &[0, 2, 8, 1, 1, 1, 4, 0], message(4, 0));
    both_ways(2, &[0, 2, 8, 2, 1, 1, 4, 2, 1, 5, 0], message(4, 5));
    // Version 0 has no tags: what they hold is not left out in silence.
    let error = refused(&message(4, 0), 0);
    assert_error(&error, "inner[0].one", None, ErrorKind::NotInVersion);
    assert_eq!(encode(&message(0, 5), 0), [0, 0, 0, 0, 1, 8]);
}

#[test]
fn a_struct_without_a_place_for_unknown_tags_passes_over_them() {
    // One inner struct: a known tag between two unknown ones.
    let bytes = [0, 2, 9, 3, 0, 2, 8, 8, 1, 1, 4, 77, 0, 0];
    let message = Tagged::decode_exact(1, &bytes).unwrap();
    assert_eq!(
        message.inner,
        [Inner {
            base: 9,
            one: 4,
            two: 0
        }]
    );
    assert_eq!(encode(&message, 1), [0, 2, 9, 1, 1, 1, 4, 0]);
}

#[test]
fn a_tag_must_take_up_the_size_that_it_declares() {
    // Tag 5 declares three bytes, and its string takes two of them.
    let error = Tagged::decode(1, &[9, 1, 1, 5, 3, 2, b'x', 0]).unwrap_err();
    assert_error(
        &error,
        "five",
        Some(7),
        ErrorKind::TagSize { tag: 5, unread: 1 },
    );
    // One byte, and its string takes two.
    let error = Tagged::decode(1, &[9, 1, 1, 5, 1, 2, b'x', 0]).unwrap_err();
    let kind = ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    assert_error(&error, "five", Some(6), kind);
}
