//! The version in front of a subscription and an assignment.

use libkafka_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use libkafka_protocol::{Bytes, ErrorKind, KafkaWire};

/// What Kafka 4.4.0 writes (`ConsumerProtocol.serializeSubscription`) for topic `t`, user data
/// `07`, partition 3 owned in generation 5, rack `r`.
const SUBSCRIPTION: [u8; 41] = [
    0, 3, 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 7, 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 3, 0,
    0, 0, 5, 0, 1, b'r', 0, 0, 0, 0, 0,
];

fn subscription() -> &'static [u8] {
    &SUBSCRIPTION[..36]
}

#[test]
fn a_subscription_is_written_after_its_version() {
    let read = ConsumerProtocolSubscription::from_bytes(subscription()).unwrap();
    assert_eq!(read.topics, ["t"]);
    assert_eq!(read.owned_partitions[0].partitions, [3]);
    assert_eq!(
        (read.generation_id, read.rack_id.as_deref()),
        (5, Some("r"))
    );
    assert_eq!(read.to_bytes(3).unwrap(), subscription());
    assert_eq!(
        read.to_bytes(0).unwrap(),
        [0, 0, 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 7][..]
    );
}

#[test]
fn a_version_from_the_future_is_read_as_the_newest_known() {
    let mut future = SUBSCRIPTION;
    future[1] = 9;
    let read = ConsumerProtocolSubscription::from_bytes(&future).unwrap();
    assert_eq!(read.to_bytes(3).unwrap(), subscription());

    let assigned = Bytes::from_static(&[
        0, 9, 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1, 8, 1, 2, 3,
    ]);
    let read = ConsumerProtocolAssignment::from_bytes(&assigned).unwrap();
    assert_eq!(read.assigned_partitions[0].partitions, [3]);
    let user_data = read.user_data.clone().unwrap();
    assert_eq!(user_data, [8][..]);
    // A slice of the input, not a copy.
    assert_eq!(user_data.as_ptr(), assigned[21..].as_ptr());
    let mut newest = assigned[..22].to_vec();
    newest[1] = 3;
    assert_eq!(read.to_bytes(3).unwrap(), newest);
}

#[test]
fn truncated_bytes_and_negative_versions_are_errors() {
    for length in 0..subscription().len() {
        let error = ConsumerProtocolSubscription::from_bytes(&subscription()[..length]);
        assert!(error.is_err(), "{length} bytes");
    }
    let error = ConsumerProtocolAssignment::from_bytes(&[]).unwrap_err();
    assert_eq!(error.message_name(), Some("ConsumerProtocolAssignment"));
    assert!(matches!(
        error.kind(),
        ErrorKind::Incomplete {
            needed: 2,
            remaining: 0
        }
    ));
    let error = ConsumerProtocolAssignment::from_bytes(&[0xff; 20]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnsupportedVersion { .. }));
    let error = ConsumerProtocolAssignment::default()
        .to_bytes(4)
        .unwrap_err();
    let supported = ConsumerProtocolAssignment::VERSIONS;
    assert_eq!(*error.kind(), ErrorKind::UnsupportedVersion { supported });
}
