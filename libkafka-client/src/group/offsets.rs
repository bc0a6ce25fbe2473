//! The offsets that a group has committed.

use std::collections::{BTreeMap, BTreeSet};

use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetFetchRequest, OffsetFetchResponse};
use libkafka_protocol::{ErrorCode, Versions};

use super::calls::Group;
use crate::error::Error;
use crate::exchange::Answer;

/// An offset that a group commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Commit<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The offset of the record to read next.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it, to go on with
    /// [`seek_behind`](crate::PartitionFetcher::seek_behind) later; brokers before 2.1 drop it.
    pub leader_epoch: Option<i32>,
    /// Whatever is to stand beside the offset.
    pub metadata: Option<&'a str>,
}

/// An offset that a group has committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Committed {
    /// The offset of the record to read next.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it, if it was committed along.
    pub leader_epoch: Option<i32>,
    /// What was committed along.
    pub metadata: Option<String>,
}

impl Group {
    /// Commits offsets: as the member of the generation that was joined, or for a group that has
    /// no members, by anyone.
    ///
    /// # Errors
    /// An [`Error::Broker`] for the first partition that was refused; see the
    /// [type](Self)'s description.
    pub fn commit(&mut self, offsets: &[Commit<'_>]) -> Result<(), Error> {
        let deadline = self.client.deadline();
        let mut topics: BTreeMap<&str, Vec<OffsetCommitRequestPartition>> = BTreeMap::new();
        for commit in offsets {
            let partitions = topics.entry(commit.topic).or_default();
            partitions.push(OffsetCommitRequestPartition {
                partition_index: commit.partition,
                committed_offset: commit.offset,
                committed_leader_epoch: commit.leader_epoch.unwrap_or(-1),
                committed_metadata: Some(commit.metadata.unwrap_or_default().to_owned()),
                ..Default::default()
            });
        }
        let topic = |(name, partitions): (&str, Vec<_>)| OffsetCommitRequestTopic {
            name: name.to_owned(),
            partitions,
            ..Default::default()
        };
        let request = OffsetCommitRequest {
            group_id: self.group_id.clone(),
            generation_id_or_member_epoch: self.generation(),
            member_id: self.member_id().to_owned(),
            group_instance_id: self.instance(),
            topics: topics.into_iter().map(topic).collect(),
            ..Default::default()
        };
        let route = self.coordinator(deadline)?;
        let Answer { response, exchange } =
            self.client
                .exchange::<OffsetCommitRequest, _>(route, BY_NAME, deadline, |_| &request)?;
        let mut unanswered: BTreeSet<_> = offsets.iter().map(|c| (c.topic, c.partition)).collect();
        for topic in &response.topics {
            for partition in &topic.partitions {
                exchange.check(partition.error_code, None)?;
                unanswered.remove(&(&topic.name[..], partition.partition_index));
            }
        }
        match unanswered.first() {
            Some((topic, partition)) => {
                Err(exchange.missing(format!("partition {topic}-{partition}")))
            }
            None => Ok(()),
        }
    }

    /// The offset that the group has committed for a partition; none if it has not.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn committed(&mut self, topic: &str, partition: i32) -> Result<Option<Committed>, Error> {
        let deadline = self.client.deadline();
        let route = self.coordinator(deadline)?;
        let group_id = self.group_id.clone();
        let Answer { response, exchange } =
            self.client
                .exchange::<OffsetFetchRequest, _>(route, BY_NAME, deadline, |version| {
                    fetch_request(version, &group_id, topic, partition)
                })?;
        let (code, found) = outcome(response, partition);
        exchange.check(code, None)?;
        match found {
            Some((code, committed)) => {
                exchange.check(code, None)?;
                Ok(Some(committed).filter(|committed| committed.offset >= 0))
            }
            None => Err(exchange.missing(format!("partition {topic}-{partition}"))),
        }
    }
}

/// From version 10 on topics stand by their ids alone.
const BY_NAME: Versions = Versions::new(0, 9);

fn fetch_request(version: i16, group_id: &str, topic: &str, partition: i32) -> OffsetFetchRequest {
    match version {
        ..8 => OffsetFetchRequest {
            group_id: group_id.to_owned(),
            topics: Some(vec![OffsetFetchRequestTopic {
                name: topic.to_owned(),
                partition_indexes: vec![partition],
                ..Default::default()
            }]),
            ..Default::default()
        },
        _ => OffsetFetchRequest {
            groups: vec![OffsetFetchRequestGroup {
                group_id: group_id.to_owned(),
                topics: Some(vec![OffsetFetchRequestTopics {
                    name: topic.to_owned(),
                    partition_indexes: vec![partition],
                    ..Default::default()
                }]),
                ..Default::default()
            }],
            ..Default::default()
        },
    }
}

/// The code of the group, and the code and offset of the partition.
fn outcome(
    response: OffsetFetchResponse,
    partition: i32,
) -> (ErrorCode, Option<(ErrorCode, Committed)>) {
    // As they stand from version 8 on, or else as they stand before.
    let (code, found) = match response.groups.into_iter().next() {
        Some(group) => {
            let mut all = group.topics.into_iter().flat_map(|t| t.partitions);
            let found = all.find(|p| p.partition_index == partition).map(|p| {
                let epoch = p.committed_leader_epoch;
                (p.error_code, p.committed_offset, epoch, p.metadata)
            });
            (group.error_code, found)
        }
        None => {
            let mut all = response.topics.into_iter().flat_map(|t| t.partitions);
            let found = all.find(|p| p.partition_index == partition).map(|p| {
                let epoch = p.committed_leader_epoch;
                (p.error_code, p.committed_offset, epoch, p.metadata)
            });
            (response.error_code, found)
        }
    };
    let committed = |(code, offset, leader_epoch, metadata)| {
        let committed = Committed {
            offset,
            leader_epoch: Some(leader_epoch).filter(|epoch| *epoch >= 0),
            metadata,
        };
        (code, committed)
    };
    (code, found.map(committed))
}
