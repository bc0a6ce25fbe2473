//! Looks up offsets with ListOffsets and OffsetForLeaderEpoch.

use libkafka_protocol::Versions;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest};

use super::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
use super::options::Isolation;
use crate::cluster::Partition;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};

impl Partition {
    /// The offset of a place, `None` if there is no record, and the exchange that returned it.
    pub(crate) fn offset_of(
        &mut self,
        spec: OffsetSpec,
        isolation: Isolation,
        deadline: Deadline,
    ) -> Result<(Option<OffsetAndTimestamp>, Exchange), Error> {
        let (timestamp, first_version) = spec.encoded();
        let isolation_level = isolation.level();
        let request = ListOffsetsRequest {
            replica_id: -1,
            isolation_level,
            topics: vec![ListOffsetsTopic {
                name: self.topic.clone(),
                partitions: vec![ListOffsetsPartition {
                    partition_index: self.index,
                    current_leader_epoch: self.leader.wire_epoch(),
                    timestamp,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            timeout_ms: deadline.for_broker(),
            ..Default::default()
        };
        let versions = Versions::new(first_version, i16::MAX);
        let Answer { response, exchange } = self.call(&request, versions, deadline)?;
        let topics = response.topics.into_iter();
        let found = exchange.partition(
            topics.map(|topic| (topic.name == self.topic, topic.partitions)),
            |partition| partition.partition_index,
            &self.topic,
            self.index,
        )?;
        exchange.check(found.error_code, None)?;
        let found = OffsetAndTimestamp::new(found.offset, found.timestamp, found.leader_epoch);
        Ok((found, exchange))
    }

    /// The end of an epoch.
    pub(crate) fn end_of_epoch(
        &mut self,
        epoch: i32,
        deadline: Deadline,
    ) -> Result<EpochEndOffset, Error> {
        let request = OffsetForLeaderEpochRequest {
            replica_id: -1,
            topics: vec![OffsetForLeaderTopic {
                topic: self.topic.clone(),
                partitions: vec![OffsetForLeaderPartition {
                    partition: self.index,
                    current_leader_epoch: self.leader.wire_epoch(),
                    leader_epoch: epoch,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let Answer { response, exchange } = self.call(&request, Versions::ALL, deadline)?;
        let topics = response.topics.into_iter();
        let found = exchange.partition(
            topics.map(|topic| (topic.topic == self.topic, topic.partitions)),
            |partition| partition.partition,
            &self.topic,
            self.index,
        )?;
        exchange.check(found.error_code, None)?;
        Ok(EpochEndOffset::new(found.leader_epoch, found.end_offset))
    }
}
