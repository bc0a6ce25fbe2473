//! Records in and out.

use std::time::{Duration, Instant};

use libkafka_batch::{Builder, RecordSet};
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic, PartitionData};
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::{ApiVersionsRequest, FetchRequest, ListOffsetsRequest};
use libkafka_testbroker::Broker;

use crate::cluster::produce;
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::batch;

/// A fetch from partition 0.
fn fetch_request(topic: &str, offset: i64) -> FetchRequest {
    FetchRequest {
        max_wait_ms: 30_000,
        min_bytes: 1,
        topics: vec![FetchTopic {
            topic: topic.into(),
            partitions: vec![FetchPartition {
                fetch_offset: offset,
                partition_max_bytes: 1 << 20,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn fetch(wire: &mut Wire, request: &FetchRequest) -> PartitionData {
    let response = wire.call(12, request);
    assert!(response.error_code.is_ok());
    response.responses[0].partitions[0].clone()
}

fn values(data: &PartitionData) -> Vec<(i64, String)> {
    let records = data.records.clone().unwrap_or_default();
    let mut values = Vec::new();
    for batch in RecordSet::new(&records) {
        for record in &batch.unwrap().records().unwrap() {
            let record = record.unwrap();
            let value = String::from_utf8(record.value.unwrap().to_vec()).unwrap();
            values.push((record.offset, value));
        }
    }
    values
}

fn offset_at(wire: &mut Wire, topic: &str, timestamp: i64) -> (ErrorCode, i64, i64, i32) {
    let request = ListOffsetsRequest {
        replica_id: -1,
        topics: vec![ListOffsetsTopic {
            name: topic.into(),
            partitions: vec![ListOffsetsPartition {
                timestamp,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = wire.call(8, &request);
    let found = &response.topics[0].partitions[0];
    (
        found.error_code,
        found.offset,
        found.timestamp,
        found.leader_epoch,
    )
}

on_both! {
    fn what_was_produced_is_fetched_with_its_offsets(cluster) {
        cluster.topic("offsets", 1, &[]);
        let mut wire = cluster.wire();
        assert_eq!(produce(&mut wire, "offsets", batch(&["a", "b"])).base_offset, 0);
        let response = produce(&mut wire, "offsets", batch(&["c"]));
        assert_eq!((response.base_offset, response.log_start_offset), (2, 0));
        let data = fetch(&mut wire, &fetch_request("offsets", 0));
        let expected = [(0, "a".into()), (1, "b".into()), (2, "c".into())];
        assert_eq!(values(&data), expected);
        assert_eq!((data.high_watermark, data.last_stable_offset), (3, 3));
        assert_eq!(data.aborted_transactions, None);
        // The batch that holds the offset comes whole.
        let data = fetch(&mut wire, &fetch_request("offsets", 1));
        assert_eq!(values(&data).len(), 3);
    }

    fn a_fetch_waits_for_its_least_number_of_bytes(cluster) {
        cluster.topic("waits", 1, &[]);
        let mut reader = cluster.wire();
        let mut writer = cluster.wire();
        let first = batch(&["one"]);
        let mut request = fetch_request("waits", 0);
        request.min_bytes = first.len() as i32 + 1;
        reader.send(12, &request);
        produce(&mut writer, "waits", first);
        produce(&mut writer, "waits", batch(&["two"]));
        let response = reader.receive::<FetchRequest>(12).unwrap();
        assert_eq!(values(&response.responses[0].partitions[0]).len(), 2);
    }

    fn a_fetch_waits_no_longer_than_it_is_told(cluster) {
        cluster.topic("patience", 1, &[]);
        let mut wire = cluster.wire();
        let mut request = fetch_request("patience", 0);
        request.max_wait_ms = 300;
        let start = Instant::now();
        let data = fetch(&mut wire, &request);
        assert!(start.elapsed() >= Duration::from_millis(300));
        assert_eq!((data.error_code, values(&data).len()), (ErrorCode::NONE, 0));
    }

    fn a_fetch_beyond_the_end_fails_at_once(cluster) {
        cluster.topic("beyond", 1, &[]);
        let mut wire = cluster.wire();
        let data = fetch(&mut wire, &fetch_request("beyond", 1));
        assert_eq!(data.error_code, ErrorCode::OFFSET_OUT_OF_RANGE);
        assert_eq!((data.high_watermark, data.log_start_offset), (-1, -1));
    }

    fn a_fetch_is_cut_off_at_its_size_and_never_before_the_first_batch(cluster) {
        cluster.topic("sizes", 1, &[]);
        let mut wire = cluster.wire();
        let sent = batch(&["some value of some length"]);
        produce(&mut wire, "sizes", sent.clone());
        produce(&mut wire, "sizes", sent.clone());
        let mut request = fetch_request("sizes", 0);
        request.topics[0].partitions[0].partition_max_bytes = 10;
        let data = fetch(&mut wire, &request);
        assert_eq!(data.records.as_ref().map(|r| r.len()), Some(sent.len()));
        request.topics[0].partitions[0].partition_max_bytes = sent.len() as i32 + 10;
        let data = fetch(&mut wire, &request);
        assert_eq!(data.records.as_ref().map(|r| r.len()), Some(sent.len() + 10));
        assert_eq!(values(&data).len(), 1);
    }

    fn offsets_are_listed_by_time(cluster) {
        cluster.topic("times", 1, &[]);
        let mut wire = cluster.wire();
        assert_eq!(offset_at(&mut wire, "times", -3), (ErrorCode::NONE, -1, -1, -1));
        assert_eq!(offset_at(&mut wire, "times", 0), (ErrorCode::NONE, -1, -1, -1));
        assert_eq!(offset_at(&mut wire, "times", -1), (ErrorCode::NONE, 0, -1, 0));
        let mut builder = Builder::new();
        for timestamp in [1000, 3000, 2000] {
            let record = libkafka_batch::Record {
                timestamp,
                value: Some(b"x"),
                ..Default::default()
            };
            builder.add_record(&record).unwrap();
        }
        let records = builder.build_bytes().unwrap();
        assert_eq!(produce(&mut wire, "times", records).error_code, ErrorCode::NONE);
        assert_eq!(offset_at(&mut wire, "times", -2), (ErrorCode::NONE, 0, -1, 0));
        assert_eq!(offset_at(&mut wire, "times", -1), (ErrorCode::NONE, 3, -1, 0));
        assert_eq!(offset_at(&mut wire, "times", -3), (ErrorCode::NONE, 1, 3000, 0));
        assert_eq!(offset_at(&mut wire, "times", 1001), (ErrorCode::NONE, 1, 3000, 0));
        assert_eq!(offset_at(&mut wire, "times", 3001), (ErrorCode::NONE, -1, -1, -1));
        let nowhere = offset_at(&mut wire, "no-such-topic", -1);
        assert_eq!(nowhere, (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, -1, -1, -1));
    }

    fn every_version_of_fetch_is_answered(cluster) {
        let topic = cluster.topic("versions", 1, &[]);
        let mut wire = cluster.wire();
        produce(&mut wire, "versions", batch(&["v"]));
        for version in 4..=18 {
            let mut request = fetch_request("versions", 0);
            if version >= 13 {
                request.topics[0].topic_id = topic.topic_id;
            }
            let response = wire.call(version, &request);
            let data = &response.responses[0].partitions[0];
            assert_eq!(values(data), [(0, "v".into())], "version {version}");
        }
    }

    fn an_unknown_version_of_api_versions_is_answered_in_version_0(cluster) {
        let mut wire = cluster.wire();
        // ApiVersions v120, correlation id 7, client id "c", no tags, and an empty body.
        wire.send_bytes(&[0, 0, 0, 13, 0, 18, 0, 120, 0, 0, 0, 7, 0, 1, b'c', 0, 0]);
        let frame = wire.receive_frame().unwrap();
        assert_eq!(frame[..4], [0, 0, 0, 7]);
        let body = frame.slice(4..);
        let response = <libkafka_protocol::messages::ApiVersionsResponse as libkafka_protocol::KafkaWire>::decode_exact(0, &body).unwrap();
        assert_eq!(response.error_code, ErrorCode::UNSUPPORTED_VERSION);
        let keys: Vec<(i16, i16, i16)> = response.api_keys.iter().map(|a| (a.api_key.0, a.min_version, a.max_version)).collect();
        assert_eq!(keys, [(18, 0, 5)]);
        let ours = ApiVersionsRequest {
            client_software_name: "test".into(),
            client_software_version: "1".into(),
            ..Default::default()
        };
        wire.send(3, &ours);
        assert!(wire.receive::<ApiVersionsRequest>(3).is_ok());
    }
}

#[test]
fn a_fetch_gives_and_waits_for_no_more_than_the_broker_is_configured_to() {
    let broker = Broker::builder().topic("capped", 1);
    let broker = broker.config("fetch.max.bytes", "1024").start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let sent = batch(&["x".repeat(700).as_str()]);
    produce(&mut wire, "capped", sent.clone());
    produce(&mut wire, "capped", sent);
    let mut request = fetch_request("capped", 0);
    request.min_bytes = 1 << 20;
    request.max_wait_ms = i32::MAX;
    let data = fetch(&mut wire, &request);
    assert_eq!(data.records.as_ref().map(|r| r.len()), Some(1024));
}
