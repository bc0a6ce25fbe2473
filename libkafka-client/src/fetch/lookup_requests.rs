//! Requests that look up offsets of many partitions, one for each leader, and their results.

use libkafka_protocol::Versions;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{
    ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
};

use super::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
use super::options::Isolation;
use crate::cluster::{BrokerAnswer, ByBroker, Leader, results_of_leaders};
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

/// Partitions, their leaders, and what to look up in each.
type Lookups<W> = [(TopicPartition, Leader, W)];

/// The requests that look up the places, by leader, and the versions that support all of the
/// places.
pub(crate) fn list_offsets_requests(
    partitions: &Lookups<OffsetSpec>,
    isolation: Isolation,
    timeout_ms: i32,
) -> (ByBroker<ListOffsetsRequest>, Versions) {
    let mut first_version = 1;
    let mut requests = ByBroker::<ListOffsetsRequest>::default();
    for (at, leader, spec) in partitions {
        let (timestamp, version) = spec.encoded();
        first_version = version.max(first_version);
        let request = requests.get_or_default(leader.id);
        request.replica_id = -1;
        request.isolation_level = isolation.level();
        request.timeout_ms = timeout_ms;
        let partition = ListOffsetsPartition {
            partition_index: at.partition,
            current_leader_epoch: leader.wire_epoch(),
            timestamp,
            ..Default::default()
        };
        match request.topics.last_mut() {
            Some(topic) if *topic.name == *at.topic => topic.partitions.push(partition),
            _ => request.topics.push(ListOffsetsTopic {
                name: at.topic.as_ref().to_owned(),
                partitions: vec![partition],
                ..Default::default()
            }),
        }
    }
    (requests, Versions::new(first_version, i16::MAX))
}

/// The answers of the leaders.
pub(crate) fn list_offsets_results(
    partitions: &Lookups<OffsetSpec>,
    answers: ByBroker<BrokerAnswer<ListOffsetsResponse>>,
) -> PartitionResults<Option<OffsetAndTimestamp>> {
    results_of_leaders(
        partitions,
        answers,
        |response| {
            let topics = response.topics.into_iter();
            topics.map(|topic| (topic.name, topic.partitions))
        },
        |found| found.partition_index,
        |found| {
            let (offset, timestamp) = (found.offset, found.timestamp);
            let found_at = OffsetAndTimestamp::new(offset, timestamp, found.leader_epoch);
            (found.error_code, found_at)
        },
    )
}

/// The requests that look up the ends of epochs, by leader.
pub(crate) fn end_of_epoch_requests(
    partitions: &Lookups<i32>,
) -> ByBroker<OffsetForLeaderEpochRequest> {
    let mut requests = ByBroker::<OffsetForLeaderEpochRequest>::default();
    for (at, leader, leader_epoch) in partitions {
        let request = requests.get_or_default(leader.id);
        request.replica_id = -1;
        let partition = OffsetForLeaderPartition {
            partition: at.partition,
            current_leader_epoch: leader.wire_epoch(),
            leader_epoch: *leader_epoch,
            ..Default::default()
        };
        match request.topics.last_mut() {
            Some(topic) if *topic.topic == *at.topic => topic.partitions.push(partition),
            _ => request.topics.push(OffsetForLeaderTopic {
                topic: at.topic.as_ref().to_owned(),
                partitions: vec![partition],
                ..Default::default()
            }),
        }
    }
    requests
}

/// The answers of the leaders.
pub(crate) fn end_of_epoch_results(
    partitions: &Lookups<i32>,
    answers: ByBroker<BrokerAnswer<OffsetForLeaderEpochResponse>>,
) -> PartitionResults<EpochEndOffset> {
    results_of_leaders(
        partitions,
        answers,
        |response| {
            let topics = response.topics.into_iter();
            topics.map(|topic| (topic.topic, topic.partitions))
        },
        |found| found.partition,
        |found| {
            let end = EpochEndOffset::new(found.leader_epoch, found.end_offset);
            (found.error_code, end)
        },
    )
}
