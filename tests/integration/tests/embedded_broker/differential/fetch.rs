//! Reads and offsets.

use std::time::{Duration, Instant};

use libkafka_batch::RecordSet;
use libkafka_integration::{batch, batch_at};
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{FetchRequest, ListOffsetsRequest, OffsetForLeaderEpochRequest};
use libkafka_protocol::{ErrorCode, Uuid};
use libkafka_testkafka::require;

use super::both::{Both, named};
use crate::cluster::{Cluster, produce_request};

#[test]
fn fetch_and_offsets_are_answered_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-fetch");
    for (name, unknown, partition, offset, epoch, size) in [
        ("same-fetch", None, 0, 0, -1, 1000),
        ("same-fetch", None, 0, 1, -1, 1000),
        ("same-fetch", None, 0, -5, -1, 1000),
        ("same-fetch", None, 0, 0, 0, 0),
        ("same-fetch", None, 0, 0, 9, 1000),
        ("same-fetch", None, 9, 0, -1, 1000),
        ("nowhere", Some(Uuid::from(5)), 0, 0, -1, 1000),
    ] {
        let request = |version, id| {
            let (topic, topic_id) = named(version, 13, name, unknown.unwrap_or(id));
            FetchRequest {
                topics: vec![FetchTopic {
                    topic,
                    topic_id,
                    partitions: vec![FetchPartition {
                        partition,
                        fetch_offset: offset,
                        current_leader_epoch: epoch,
                        partition_max_bytes: size,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            }
        };
        both.ask(request);
        both.ask(|_, _| ListOffsetsRequest {
            replica_id: -1,
            topics: vec![ListOffsetsTopic {
                name: name.into(),
                partitions: vec![ListOffsetsPartition {
                    partition_index: partition,
                    current_leader_epoch: epoch,
                    timestamp: -1,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
        both.ask(|_, _| OffsetForLeaderEpochRequest {
            replica_id: -1,
            topics: vec![OffsetForLeaderTopic {
                topic: name.into(),
                partitions: vec![OffsetForLeaderPartition {
                    partition,
                    current_leader_epoch: epoch,
                    leader_epoch: 0,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
    }
    for timestamp in [-1, -2, -3, -4, -5, -6, -9, 0, 1 << 50] {
        both.ask(|_, _| ListOffsetsRequest {
            replica_id: -1,
            topics: vec![ListOffsetsTopic {
                name: "same-fetch".into(),
                partitions: vec![ListOffsetsPartition {
                    timestamp,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        });
    }
}

const WEEK: i64 = 7 * 24 * 3_600_000;

#[test]
fn a_fetch_ends_where_a_segment_ends() {
    require!();
    let (mut both, _ours) = Both::start("same-segments");
    // A week after the first of a segment is not too long, and a millisecond more is.
    for time in [1000, 2000, 1000 + WEEK, 1001 + WEEK, 5, 1002 + 2 * WEEK] {
        let request = produce_request("same-segments", -1, Some(batch_at(time, &["a"])));
        for wire in [&mut both.ours, &mut both.theirs] {
            let response = wire.call(9, &request);
            let code = response.responses[0].partition_responses[0].error_code;
            assert_eq!(code, ErrorCode::NONE);
        }
    }
    let start = Instant::now();
    for fetch_offset in 0..=6 {
        // A segment that is not the last does not grow any more, and nobody waits for that.
        let min_bytes = if fetch_offset < 5 { i32::MAX } else { 0 };
        both.ask(|version, id| {
            let (topic, topic_id) = named(version, 13, "same-segments", id);
            FetchRequest {
                max_wait_ms: 60_000,
                min_bytes,
                topics: vec![FetchTopic {
                    topic,
                    topic_id,
                    partitions: vec![FetchPartition {
                        fetch_offset,
                        partition_max_bytes: 10_000,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            }
        });
    }
    assert!(start.elapsed() < Duration::from_secs(60));
    let request = FetchRequest {
        topics: vec![FetchTopic {
            topic: "same-segments".into(),
            partitions: vec![FetchPartition {
                partition_max_bytes: 10_000,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = both.theirs.call(12, &request);
    let records = response.responses[0].partitions[0].records.as_ref();
    assert_eq!(RecordSet::new(records.unwrap()).count(), 3);
}

#[test]
fn a_batch_that_no_segment_has_room_for_is_refused_in_the_same_way() {
    require!();
    let configs = [
        ("max.message.bytes", "3000000"),
        ("segment.bytes", "1048576"),
    ];
    let (ours, theirs) = (Cluster::embedded(), Cluster::real());
    let ids = [&ours, &theirs].map(|cluster| cluster.topic("same-room", 1, &configs).topic_id);
    let mut both = Both::of(ours.wire(), theirs.wire(), ids);
    for (size, is_more) in [(1_048_576 - 72, false), (1_048_576 - 71, true)] {
        let records = batch(&["x".repeat(size)]);
        assert_eq!(records.len() > 1_048_576, is_more, "{}", records.len());
        for version in [9, 12] {
            let request = produce_request("same-room", -1, Some(records.clone()));
            let [ours, theirs] = [&mut both.ours, &mut both.theirs]
                .map(|wire| wire.call(version, &request).responses.remove(0));
            assert_eq!(ours.partition_responses, theirs.partition_responses);
        }
    }
}
