//! Batches that are refused, and what becomes of times that cannot be.

use bytes::Bytes;
use libkafka_batch::{Builder, BuilderOptions, Gzip, Record, Restamp};
use libkafka_integration::batch;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::{FetchRequest, ListOffsetsRequest};
use libkafka_protocol::{ErrorCode, Uuid};
use libkafka_testkafka::require;

use super::both::{Both, named};
use crate::cluster::produce_request;

#[test]
fn produce_is_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-produce");
    let change = |at: usize, value: u8| {
        let mut bytes = batch(&["a", "b"]).to_vec();
        bytes[at] = value;
        Bytes::from(bytes)
    };
    let whole = batch(&["a"]);
    let cases = [
        Some(Bytes::new()),
        Some(change(16, 3)),
        Some(change(11, 3)),
        Some(change(10, 3)),
        Some(change(7, 1)),
        Some([&whole[..], &whole[..]].concat().into()),
        Some(whole.slice(..40)),
    ];
    for records in cases {
        both.ask(|version, id| {
            let mut request = produce_request("", -1, records.clone());
            let topic = &mut request.topic_data[0];
            (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
            request
        });
    }
    // A wrong checksum, which the message names.
    let request = |version, id| {
        let mut request = produce_request("", -1, Some(change(batch(&["a", "b"]).len() - 1, 0xff)));
        let topic = &mut request.topic_data[0];
        (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
        request
    };
    both.ask(request);
    for (name, id, index, acks) in [
        ("nowhere", Uuid::from(5), 0, -1),
        ("same-produce", Uuid::ZERO, 7, -1),
        ("same-produce", Uuid::ZERO, 0, 5),
        ("__consumer_offsets", Uuid::ZERO, 0, -1),
    ] {
        both.ask_up_to(
            if id.is_zero() { 12 } else { 13 },
            |version, _| {
                let mut request = produce_request("", acks, Some(whole.clone()));
                let topic = &mut request.topic_data[0];
                (topic.name, topic.topic_id) = named(version, 13, name, id);
                topic.partition_data[0].index = index;
                request
            },
            |_| {},
        );
    }
}

/// Records of the times 1000, 3000 and 2000, in a batch whose header says another latest time.
fn misdated(latest: i64, is_compressed: bool) -> Bytes {
    let options = BuilderOptions::new().only_when_smaller(false);
    let mut builder = Builder::with_options(match is_compressed {
        true => options.compressor(Gzip::new()),
        false => options,
    });
    for timestamp in [1000, 3000, 2000] {
        let record = Record {
            timestamp,
            value: Some(b"v"),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
    }
    let mut bytes = builder.build().unwrap().to_vec();
    let stamp = Restamp::new().max_timestamp(latest);
    stamp.apply(&mut bytes).unwrap();
    bytes.into()
}

#[test]
fn the_latest_time_of_a_batch_is_that_of_its_records_whatever_its_header_says() {
    require!();
    let (mut both, _ours) = Both::start("same-times");
    for (partition, is_compressed) in [(0, false), (1, true)] {
        for latest in [9000, 5000, 0, -1] {
            let mut request =
                produce_request("same-times", -1, Some(misdated(latest, is_compressed)));
            request.topic_data[0].partition_data[0].index = partition;
            for wire in [&mut both.ours, &mut both.theirs] {
                let response = wire.call(9, &request);
                let code = response.responses[0].partition_responses[0].error_code;
                assert_eq!(code, ErrorCode::NONE);
            }
        }
        // The latest there is, and the first from a time on that no record is of.
        for timestamp in [-3, 3000, 3001, 5000] {
            both.ask(|_, _| ListOffsetsRequest {
                replica_id: -1,
                topics: vec![ListOffsetsTopic {
                    name: "same-times".into(),
                    partitions: vec![ListOffsetsPartition {
                        partition_index: partition,
                        timestamp,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            });
        }
        both.ask(|version, id| {
            let (topic, topic_id) = named(version, 13, "same-times", id);
            FetchRequest {
                topics: vec![FetchTopic {
                    topic,
                    topic_id,
                    partitions: vec![FetchPartition {
                        partition,
                        partition_max_bytes: 10_000,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            }
        });
    }
}
