//! Offsets of many partitions' logs, by one request to each leader (ListOffsets).

use std::collections::BTreeMap;

use libkafka_protocol::Versions;
use libkafka_protocol::messages::ListOffsetsRequest;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};

use crate::cluster::{Client, Leader, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::fetch::{Isolation, OffsetAndTimestamp, OffsetSpec};
use crate::topic_partition::TopicPartition;
use crate::wire_value::known;

/// What was found, or why nothing was, for each partition.
pub(super) type Found = BTreeMap<TopicPartition, Result<Option<OffsetAndTimestamp>, Error>>;

/// Looks up an offset of each of these partitions at its leader.
///
/// # Errors
/// If a leader does not answer.
pub(super) fn log_offsets(
    client: &mut Client,
    partitions: &BTreeMap<TopicPartition, Leader>,
    spec: OffsetSpec,
    isolation: Isolation,
    deadline: Deadline,
) -> Result<Found, Error> {
    let mut by_leader: BTreeMap<i32, Vec<(&TopicPartition, &Leader)>> = BTreeMap::new();
    for (partition, leader) in partitions {
        by_leader
            .entry(leader.id)
            .or_default()
            .push((partition, leader));
    }
    let (timestamp, first_version) = spec.encoded();
    let mut all = Found::new();
    for (leader, partitions) in by_leader {
        let mut topics: BTreeMap<&str, Vec<ListOffsetsPartition>> = BTreeMap::new();
        for (partition, leader) in &partitions {
            topics
                .entry(&partition.topic)
                .or_default()
                .push(ListOffsetsPartition {
                    partition_index: partition.partition,
                    current_leader_epoch: leader.wire_epoch(),
                    timestamp,
                    ..Default::default()
                });
        }
        let topic = |(name, partitions): (&str, _)| ListOffsetsTopic {
            name: name.to_owned(),
            partitions,
            ..Default::default()
        };
        let request = ListOffsetsRequest {
            replica_id: -1,
            isolation_level: isolation.level(),
            topics: topics.into_iter().map(topic).collect(),
            timeout_ms: deadline.for_broker(),
            ..Default::default()
        };
        let route = Route::Broker(leader);
        let versions = Versions::new(first_version, i16::MAX);
        let Answer { response, exchange } =
            client.exchange::<ListOffsetsRequest, _>(route, versions, deadline, |_| &request)?;
        for (partition, _) in partitions {
            let topics = response.topics.iter();
            let found = exchange.partition(
                topics.map(|topic| (*topic.name == *partition.topic, &topic.partitions)),
                |found| found.partition_index,
                &partition.topic,
                partition.partition,
            );
            let found = found.and_then(|found| {
                exchange.check(found.error_code, None)?;
                Ok((found.offset >= 0).then_some(OffsetAndTimestamp {
                    offset: found.offset,
                    timestamp: known(found.timestamp),
                    leader_epoch: known(found.leader_epoch),
                }))
            });
            all.insert(partition.clone(), found);
        }
    }
    Ok(all)
}
