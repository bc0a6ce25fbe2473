//! The oracle answers, and its files hold what they should.

use libkafka_testkafka::{Oracle, require};
use serde_json::json;

#[test]
fn the_oracle_reads_and_writes_a_message_as_kafka_does() {
    require!();
    let mut oracle = Oracle::start().unwrap();
    // HeartbeatResponse v1: throttle time, error code.
    let bytes = [0, 0, 0, 5, 0, 27];
    let read = oracle
        .check("HeartbeatResponse", 1, &bytes)
        .unwrap()
        .unwrap();
    assert_eq!(read.json, json!({"throttleTimeMs": 5, "errorCode": 27}));
    assert_eq!(
        (read.bytes.as_slice(), read.trailing),
        (bytes.as_slice(), 0)
    );
    assert_eq!(
        oracle
            .encode("HeartbeatResponse", 1, &read.json)
            .unwrap()
            .unwrap(),
        read
    );

    let longer = oracle
        .check("HeartbeatResponse", 1, &[0, 0, 0, 5, 0, 27, 9, 9])
        .unwrap()
        .unwrap();
    assert_eq!((longer.bytes, longer.trailing), (read.bytes, 2));

    let empty = oracle.check("ApiVersionsRequest", 0, &[]).unwrap().unwrap();
    assert!(empty.bytes.is_empty());
}

#[test]
fn the_oracle_says_why_kafka_refuses_a_message() {
    require!();
    let mut oracle = Oracle::shared();
    let mut refused = |name, version, bytes: &[u8]| {
        oracle
            .check(name, version, bytes)
            .unwrap()
            .unwrap_err()
            .exception
    };
    assert_eq!(refused("HeartbeatResponse", 99, &[]), "InvalidVersion");
    assert_eq!(refused("NoSuchRequest", 0, &[]), "UnknownMessage");
    // A string of 5 bytes, of which none follow.
    assert_eq!(refused("HeartbeatRequest", 0, &[0, 5]), "RuntimeException");
}

#[test]
fn the_oracle_reads_record_sets() {
    require!();
    let read = Oracle::shared().batches_in(&[0; 12]).unwrap();
    assert_eq!(read["bytesConsumed"], 0);
    assert_eq!(read["error"]["exception"], "CorruptRecordException");
}

#[test]
fn the_oracle_writes_every_message_of_kafka() {
    require!();
    let vectors: Vec<_> = Oracle::messages(1, 1).unwrap().collect();
    assert_eq!(vectors.len(), 640, "message versions of Kafka 4.4.0");
    let schemas = Oracle::schemas().unwrap();
    assert_eq!(schemas["schemas"].as_array().unwrap().len(), 203);
    assert_eq!(schemas["apis"].as_array().unwrap().len(), 95);
    assert_eq!(Oracle::ignorable().unwrap().count(), 827);
    let errors: Vec<_> = Oracle::errors().unwrap().collect();
    assert!(
        errors
            .iter()
            .any(|e| e["name"] == "NOT_LEADER_OR_FOLLOWER" && e["code"] == 6)
    );
    let (valid, malformed): (Vec<_>, Vec<_>) = Oracle::batches(1, 10)
        .unwrap()
        .partition(|set| set["label"].is_string());
    assert!(
        valid.len() > 100 && malformed.len() > 100,
        "{} {}",
        valid.len(),
        malformed.len()
    );
}
