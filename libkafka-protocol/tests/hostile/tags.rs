//! Tagged fields that lie.

use libkafka_protocol::{Bytes, ErrorKind, KafkaWire, UnknownTags, messages::*};

use crate::allocations::Allocations;
use crate::refuses;

/// FetchRequest v12 up to its tagged fields.
fn fetch_request(tags: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 4 + 4 + 4 + 4 + 1 + 4 + 4];
    bytes.extend([1, 1, 1]); // no topics, none forgotten, no rack
    bytes.extend(tags);
    bytes
}

/// Where the tagged fields of [`fetch_request`] begin.
const TAGS: usize = 28;

#[test]
fn four_billion_tags_end_at_the_first_byte_that_is_not_there() {
    let kind = || ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    // Throttle time, error code, count: eleven bytes.
    let bytes = [0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f];
    refuses::<HeartbeatResponse>(4, &bytes, "", 11, kind());
    // The same where some tags are known.
    let bytes = fetch_request(&[0xff, 0xff, 0xff, 0xff, 0x0f]);
    refuses::<FetchRequest>(12, &bytes, "", TAGS + 5, kind());
}

#[test]
fn a_tag_whose_size_is_not_that_of_its_value_is_an_error() {
    // Tag 0, a compact string of one byte, which takes two bytes: three declared.
    let bytes = fetch_request(&[1, 0, 3, 2, b'c', 0]);
    let kind = ErrorKind::TagSize { tag: 0, unread: 1 };
    refuses::<FetchRequest>(12, &bytes, "cluster_id", TAGS + 5, kind);
    // One declared: the value ends with its declared size, whatever follows.
    let bytes = fetch_request(&[1, 0, 1, 2, b'c']);
    let kind = ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    refuses::<FetchRequest>(12, &bytes, "cluster_id", TAGS + 4, kind);
    // None declared.
    let bytes = fetch_request(&[1, 0, 0, 2, b'c']);
    let kind = ErrorKind::Incomplete {
        needed: 1,
        remaining: 0,
    };
    refuses::<FetchRequest>(12, &bytes, "cluster_id", TAGS + 3, kind);
    // More declared than there is.
    let bytes = fetch_request(&[1, 0, 9, 2, b'c']);
    let kind = ErrorKind::Incomplete {
        needed: 9,
        remaining: 2,
    };
    refuses::<FetchRequest>(12, &bytes, "cluster_id", TAGS + 3, kind);
    // A struct in a tag: replica id and epoch, no tags, and a byte too many.
    let mut tag = vec![1, 1, 14];
    tag.extend([0; 13]);
    tag.push(7);
    let mut bytes = fetch_request(&tag);
    bytes.drain(..4); // v15 has no replica id in front
    let kind = ErrorKind::TagSize { tag: 1, unread: 1 };
    refuses::<FetchRequest>(15, &bytes, "replica_state", TAGS - 4 + 3 + 13, kind);
}

#[test]
fn tags_that_repeat_or_descend_are_an_error() {
    let order = |tag, previous| ErrorKind::TagOrder { tag, previous };
    // Known ones; the error is found once the tag is read.
    let bytes = fetch_request(&[2, 0, 1, 1, 0, 1, 1]);
    refuses::<FetchRequest>(12, &bytes, "", TAGS + 5, order(0, 0));
    // Unknown ones among known ones.
    let bytes = fetch_request(&[2, 5, 1, 1, 0, 1, 1]);
    refuses::<FetchRequest>(12, &bytes, "", TAGS + 5, order(0, 5));
    // Unknown ones where none are known.
    let head = [0, 0, 0, 0, 0, 0];
    let bytes = [&head[..], &[2, 9, 0, 9, 0]].concat();
    refuses::<HeartbeatResponse>(4, &bytes, "", 10, order(9, 9));
    let bytes = [&head[..], &[3, 1, 0, 0x90, 0x4e, 0, 2, 0]].concat();
    refuses::<HeartbeatResponse>(4, &bytes, "", 13, order(2, 10_000));
}

#[test]
fn a_known_tag_in_a_version_that_lacks_it_is_an_error() {
    // Tag 1 of FetchRequest exists from version 15.
    let bytes = fetch_request(&[1, 1, 0]);
    let kind = ErrorKind::TagNotInVersion { tag: 1 };
    refuses::<FetchRequest>(12, &bytes, "replica_state", TAGS + 3, kind);
}

#[test]
fn four_hundred_thousand_empty_tags_take_at_most_eight_times_the_frame() {
    let mut tags = varint(400_000);
    for tag in 0..400_000 {
        // Past the tags that are known.
        tags.extend(varint(tag + 100));
        tags.push(0);
    }
    let responses = [0, 0, 0, 0, 0, 0];
    let frame = Bytes::from([&responses[..], &tags].concat());
    assert!(frame.len() > 1_500_000);
    let (response, cost) = Allocations::of(|| HeartbeatResponse::decode_exact(4, &frame));
    assert!(cost.peak <= 8 * frame.len(), "{cost:?} of {}", frame.len());
    let response = response.unwrap();
    assert_eq!(response.unknown_tags.len(), 400_000);
    let mut again = Vec::new();
    response.encode(4, &mut again).unwrap();
    assert_eq!(frame, again);

    let frame = Bytes::from(fetch_request(&tags));
    let (request, cost) = Allocations::of(|| FetchRequest::decode_exact(12, &frame));
    assert!(cost.peak <= 8 * frame.len(), "{cost:?} of {}", frame.len());
    assert_eq!(request.unwrap().unknown_tags.len(), 400_000);
}

fn varint(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[test]
fn many_tags_are_inserted_in_time_linear_in_their_number() {
    // At 80,000 tags, quadratic time was 14 s; at this number it would be minutes.
    const TAGS: u32 = 400_000;
    let start = std::time::Instant::now();
    let mut ascending = UnknownTags::new();
    for tag in 0..TAGS {
        ascending.insert(tag, &[tag as u8]);
    }
    let descending: UnknownTags = (0..TAGS).rev().map(|tag| (tag, [tag as u8])).collect();
    assert_eq!(ascending.len(), TAGS as usize);
    assert_eq!(ascending, descending);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn the_last_value_of_a_tag_wins_in_any_order_of_insertion() {
    let tags: UnknownTags = [(5, "five"), (1, "one"), (5, "cinque"), (3, "three")]
        .into_iter()
        .collect();
    let mut inserted = UnknownTags::new();
    for (tag, value) in [(3, "tre"), (5, "cinque"), (1, "one"), (3, "three")] {
        inserted.insert(tag, value.as_bytes());
    }
    assert_eq!(tags, inserted);
    let all: Vec<_> = tags.iter().collect();
    assert_eq!(all, [(1, &b"one"[..]), (3, b"three"), (5, b"cinque")]);
}
