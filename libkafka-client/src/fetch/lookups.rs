//! Offsets of many partitions, looked up at all their leaders at once.

use std::collections::BTreeMap;

use libkafka_protocol::Versions;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest};

use super::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
use super::options::Isolation;
use crate::cluster::{Client, Leader, results_of_leaders};
use crate::deadline::Deadline;
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

impl Client {
    /// Looks places up in many partitions: each leader is asked once for all of its partitions, and
    /// none is waited for before all were asked (ListOffsets). Leaders come from a
    /// [`Topology`](crate::Topology). `None` where no record is at the place.
    ///
    /// The results are in the order of `partitions`. Errors of a partition are
    /// [`Error::Version`](crate::Error::Version) if its leader is too old to know one of the
    /// places, [`Error::Broker`](crate::Error::Broker) with the error code that the broker
    /// returned, [`Error::Missing`](crate::Error::Missing), and I/O errors. An error that concerns
    /// a broker is shared by the partitions that it leads.
    pub fn list_offsets(
        &mut self,
        partitions: &[(TopicPartition, Leader, OffsetSpec)],
        isolation: Isolation,
    ) -> PartitionResults<Option<OffsetAndTimestamp>> {
        let deadline = self.deadline();
        self.list_offsets_by(partitions, isolation, deadline)
    }

    pub(crate) fn list_offsets_by(
        &mut self,
        partitions: &[(TopicPartition, Leader, OffsetSpec)],
        isolation: Isolation,
        deadline: Deadline,
    ) -> PartitionResults<Option<OffsetAndTimestamp>> {
        let mut first_version = 1;
        let mut requests = BTreeMap::<i32, ListOffsetsRequest>::new();
        for (at, leader, spec) in partitions {
            let (timestamp, version) = spec.encoded();
            first_version = version.max(first_version);
            let request = requests.entry(leader.id).or_default();
            request.replica_id = -1;
            request.isolation_level = isolation.level();
            request.timeout_ms = deadline.for_broker();
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
        let versions = Versions::new(first_version, i16::MAX);
        let answers = self.exchange_all(requests, versions, deadline);
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

    /// Looks up where leaders' epochs end in many partitions, as
    /// [`list_offsets`](Self::list_offsets) does (OffsetForLeaderEpoch, KIP-101; Kafka 2.1).
    pub fn ends_of_epochs(
        &mut self,
        partitions: &[(TopicPartition, Leader, i32)],
    ) -> PartitionResults<EpochEndOffset> {
        let deadline = self.deadline();
        let mut requests = BTreeMap::<i32, OffsetForLeaderEpochRequest>::new();
        for (at, leader, leader_epoch) in partitions {
            let request = requests.entry(leader.id).or_default();
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
        let answers = self.exchange_all(requests, Versions::ALL, deadline);
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
}
