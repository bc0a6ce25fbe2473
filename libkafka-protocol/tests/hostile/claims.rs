//! Counts and lengths that claim more than there is.

use libkafka_protocol::ErrorKind;
use libkafka_protocol::messages::*;

use crate::refuses;

#[test]
fn an_array_that_claims_two_billion_elements_is_an_error() {
    let kind = ErrorKind::CountTooLarge {
        count: i32::MAX as usize,
        remaining: 0,
    };
    refuses::<MetadataResponse>(1, &[0x7f, 0xff, 0xff, 0xff], "brokers", 4, kind);
}

#[test]
fn a_compact_array_that_claims_four_billion_elements_is_an_error() {
    let bytes = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
    let kind = ErrorKind::CountTooLarge {
        count: u32::MAX as usize - 1,
        remaining: 3,
    };
    refuses::<MetadataResponse>(9, &bytes, "brokers", 9, kind);
}

#[test]
fn an_array_that_claims_one_element_too_many_for_its_bytes_is_an_error() {
    // Two ids of four bytes are there, three are claimed: at FetchRequest's deepest.
    let mut bytes = vec![0; 4 + 4 + 4 + 4 + 1 + 4 + 4];
    bytes.extend([0, 0, 0, 0]); // no topics
    bytes.extend([0, 0, 0, 1, 0, 0]); // one forgotten topic, named ""
    bytes.extend([0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2]);
    let kind = ErrorKind::CountTooLarge {
        count: 3,
        remaining: 8,
    };
    refuses::<FetchRequest>(7, &bytes, "forgotten_topics_data[0].partitions", 39, kind);
}

#[test]
fn a_string_that_claims_900_megabytes_is_an_error() {
    // HeartbeatRequest v4 starts with a compact string.
    let mut bytes = vec![0x81, 0xd2, 0x93, 0xad, 0x03];
    bytes.resize(20, b'x');
    let kind = ErrorKind::TooLong {
        length: 900_000_000,
        max: 32_767,
    };
    refuses::<HeartbeatRequest>(4, &bytes, "group_id", 5, kind);
    // A string in the old form cannot claim more than this.
    let mut bytes = vec![0x7f, 0xff];
    bytes.resize(20, b'x');
    let kind = ErrorKind::Incomplete {
        needed: 32_767,
        remaining: 18,
    };
    refuses::<HeartbeatRequest>(0, &bytes, "group_id", 2, kind);
}

#[test]
fn bytes_that_claim_900_megabytes_are_an_error() {
    let mut bytes = 900_000_000_i32.to_be_bytes().to_vec();
    bytes.resize(20, b'x');
    let kind = ErrorKind::Incomplete {
        needed: 900_000_000,
        remaining: 16,
    };
    refuses::<SaslAuthenticateRequest>(0, &bytes, "auth_bytes", 4, kind);
    let mut bytes = vec![0x81, 0xd2, 0x93, 0xad, 0x03];
    bytes.resize(20, b'x');
    let kind = ErrorKind::Incomplete {
        needed: 900_000_000,
        remaining: 15,
    };
    refuses::<SaslAuthenticateRequest>(2, &bytes, "auth_bytes", 5, kind);
}

#[test]
fn records_that_claim_two_gigabytes_are_an_error() {
    // v3: transactional id, acks, timeout, one topic named "t", one partition 0.
    let mut bytes = vec![0xff, 0xff, 0, 1, 0, 0, 0, 9];
    bytes.extend([0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 0]);
    bytes.extend([0x7f, 0xff, 0xff, 0xff, 1, 2, 3]);
    let kind = ErrorKind::Incomplete {
        needed: i32::MAX as usize,
        remaining: 3,
    };
    let path = "topic_data[0].partition_data[0].records";
    refuses::<ProduceRequest>(3, &bytes, path, 27, kind);
}

#[test]
fn a_number_that_is_cut_off_is_an_error() {
    let kind = ErrorKind::Incomplete {
        needed: 4,
        remaining: 3,
    };
    refuses::<HeartbeatResponse>(1, &[0, 0, 0], "throttle_time_ms", 0, kind);
    let kind = ErrorKind::Incomplete {
        needed: 2,
        remaining: 1,
    };
    refuses::<HeartbeatResponse>(1, &[0, 0, 0, 0, 9], "error_code", 4, kind);
}
