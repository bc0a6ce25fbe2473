//! Reads and offsets.

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{FetchRequest, ListOffsetsRequest, OffsetForLeaderEpochRequest};
use libkafka_testkafka::require;

use super::both::{Both, named};

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
