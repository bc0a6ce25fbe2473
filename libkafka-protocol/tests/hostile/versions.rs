//! Versions that do not exist, and fields that a version does not have.

use libkafka_protocol::messages::{fetch, *};
use libkafka_protocol::{ErrorKind, KafkaWire, Versions};

use crate::{refuses, says};

#[test]
fn a_version_that_does_not_exist_is_an_error_both_ways() {
    for version in [-1, 5, i16::MAX, i16::MIN] {
        let supported = Versions::new(0, 4);
        let kind = || ErrorKind::UnsupportedVersion { supported };
        let error = HeartbeatRequest::decode(version, &[0; 64]).unwrap_err();
        says::<HeartbeatRequest>(&error, version, "", None, kind());
        let mut bytes = b"kept".to_vec();
        let error = HeartbeatRequest::default()
            .encode(version, &mut bytes)
            .unwrap_err();
        says::<HeartbeatRequest>(&error, version, "", None, kind());
        assert_eq!(bytes, b"kept");
    }
}

#[test]
fn a_value_that_the_version_cannot_carry_is_an_error_on_encode() {
    let mut bytes = b"kept".to_vec();
    let mut refuses = |request: &FetchRequest, version, path: &str, kind| {
        let error = request.encode(version, &mut bytes).unwrap_err();
        says::<FetchRequest>(&error, version, path, None, kind);
        assert_eq!(bytes, b"kept");
    };
    let request = FetchRequest {
        replica_id: 5,
        ..Default::default()
    };
    refuses(&request, 15, "replica_id", ErrorKind::NotInVersion);
    let request = FetchRequest {
        topics: vec![fetch::FetchTopic {
            partitions: vec![
                fetch::FetchPartition::default(),
                fetch::FetchPartition {
                    last_fetched_epoch: 0,
                    ..Default::default()
                },
            ],
            ..Default::default()
        }],
        ..Default::default()
    };
    let path = "topics[0].partitions[1].last_fetched_epoch";
    refuses(&request, 11, path, ErrorKind::NotInVersion);
    let request = FetchRequest {
        rack_id: "r".repeat(32_768),
        ..Default::default()
    };
    let kind = || ErrorKind::TooLong {
        length: 32_768,
        max: 32_767,
    };
    refuses(&request, 11, "rack_id", kind());
    refuses(&request, 12, "rack_id", kind());
}

#[test]
fn a_nested_error_names_every_field_and_index_on_the_way() {
    // MetadataResponse v0: no broker; topic 1's partition 1 is cut off.
    let mut bytes = vec![0, 0, 0, 0, 0, 0, 0, 2];
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 0]); // topic 0: no name, no partitions
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 2]); // topic 1: two partitions
    bytes.extend([0; 18]); // partition 0
    bytes.extend([0; 17]); // partition 1, a byte short
    let kind = ErrorKind::Incomplete {
        needed: 4,
        remaining: 3,
    };
    refuses::<MetadataResponse>(0, &bytes, "topics[1].partitions[1].isr_nodes", 56, kind);
}
