//! Looks offsets up: by ListOffsets, and by OffsetForLeaderEpoch.

use libkafka_protocol::Versions;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use libkafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest};

use super::fetched::Isolation;
use crate::cluster::Partition;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};

/// A place in a partition's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first record that there is.
    Earliest,
    /// Behind the last record: of all, or of those that a transaction does not hold back,
    /// depending on the [`Isolation`].
    Latest,
    /// The first record whose timestamp is this or later, in milliseconds since 1970; not
    /// negative.
    Timestamp(i64),
    /// The record with the greatest timestamp (KIP-734); Kafka 3.0.
    MaxTimestamp,
    /// The first record on the leader's own disk, where older ones lie in tiered storage
    /// (KIP-405); Kafka 3.4.
    EarliestLocal,
    /// The last record in tiered storage (KIP-1005); Kafka 3.9.
    LatestTiered,
    /// The first record that is not in tiered storage yet (KIP-1023); Kafka 4.2.
    EarliestPendingUpload,
}

/// An offset that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FoundOffset {
    /// The offset.
    pub offset: i64,
    /// The timestamp of the record there in milliseconds since 1970, where a timestamp was
    /// asked for.
    pub timestamp: Option<i64>,
    /// The epoch of the leader that wrote the record (KIP-320), where the broker says it.
    pub leader_epoch: Option<i32>,
}

/// Where an epoch ends in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EpochEnd {
    /// The last epoch up to the one asked for that the log has; none if it has none.
    pub epoch: Option<i32>,
    /// The offset behind the last record of that epoch.
    pub end_offset: Option<i64>,
}

impl Position {
    /// What stands for it on the wire, and the first version that knows it.
    fn encoded(self) -> (i64, i16) {
        match self {
            Self::Timestamp(time) => (time.max(0), 1),
            Self::Latest => (-1, 1),
            Self::Earliest => (-2, 1),
            Self::MaxTimestamp => (-3, 7),
            Self::EarliestLocal => (-4, 8),
            Self::LatestTiered => (-5, 9),
            Self::EarliestPendingUpload => (-6, 11),
        }
    }
}

impl Partition {
    /// The offset of a position, none if no record is there, and the exchange that told it.
    pub(crate) fn offset_of(
        &mut self,
        position: Position,
        isolation: Isolation,
        deadline: Deadline,
    ) -> Result<(Option<FoundOffset>, Exchange), Error> {
        let (timestamp, first_version) = position.encoded();
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
        let found = (found.offset >= 0).then_some(FoundOffset {
            offset: found.offset,
            timestamp: (found.timestamp >= 0).then_some(found.timestamp),
            leader_epoch: (found.leader_epoch >= 0).then_some(found.leader_epoch),
        });
        Ok((found, exchange))
    }

    /// Where an epoch ends.
    pub(crate) fn end_of_epoch(
        &mut self,
        epoch: i32,
        deadline: Deadline,
    ) -> Result<EpochEnd, Error> {
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
        Ok(EpochEnd {
            epoch: (found.leader_epoch >= 0).then_some(found.leader_epoch),
            end_offset: (found.end_offset >= 0).then_some(found.end_offset),
        })
    }
}
