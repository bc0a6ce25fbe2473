//! `Commit`: an offset to commit, and the request and response for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};
use libkafka_protocol::{ErrorCode, Uuid, Versions};

use super::membership::{GenerationOrEpoch, MemberIdentity};
use crate::exchange::Answer;
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

/// An offset for a group to commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Commit<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The id of the topic. If all commits of a call have one, brokers of 4.1 and later go by it:
    /// they refuse the offset if the topic has been created again. Default: none, with which only
    /// the name counts.
    pub topic_id: Option<Uuid>,
    /// The partition.
    pub partition: i32,
    /// The offset of the record to read next.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it, to pass to
    /// [`seek`](crate::PartitionFetcher::seek) later. Brokers before 2.1 drop it.
    pub leader_epoch: Option<i32>,
    /// Any text to store with the offset.
    pub metadata: Option<&'a str>,
}

/// The first version that identifies topics only by id.
pub(super) const BY_ID: i16 = 10;
/// The first version that accepts members of KIP-848.
pub(super) const WITH_EPOCHS: i16 = 9;

/// The versions that support this.
pub(crate) fn commit_versions(
    identity: Option<&MemberIdentity>,
    offsets: &[Commit<'_>],
) -> Versions {
    let epoch = identity.map(|identity| identity.generation_or_epoch);
    let min = match epoch {
        Some(GenerationOrEpoch::Epoch(_)) => WITH_EPOCHS,
        _ => 0,
    };
    let by_id = !offsets.is_empty() && offsets.iter().all(|commit| commit.topic_id.is_some());
    let max = if by_id { i16::MAX } else { BY_ID - 1 };
    Versions::new(min, max)
}

/// The request that commits offsets, as a member or without being one.
pub(crate) fn commit_request(
    group_id: &str,
    identity: Option<&MemberIdentity>,
    offsets: &[Commit<'_>],
) -> OffsetCommitRequest {
    let mut topics: BTreeMap<(&str, Uuid), Vec<OffsetCommitRequestPartition>> = BTreeMap::new();
    for commit in offsets {
        let topic = (commit.topic, commit.topic_id.unwrap_or_default());
        topics
            .entry(topic)
            .or_default()
            .push(OffsetCommitRequestPartition {
                partition_index: commit.partition,
                committed_offset: commit.offset,
                committed_leader_epoch: commit.leader_epoch.unwrap_or(-1),
                committed_metadata: Some(commit.metadata.unwrap_or_default().to_owned()),
                ..Default::default()
            });
    }
    let topics =
        topics
            .into_iter()
            .map(|((name, topic_id), partitions)| OffsetCommitRequestTopic {
                name: name.to_owned(),
                topic_id,
                partitions,
                ..Default::default()
            });
    OffsetCommitRequest {
        group_id: group_id.to_owned(),
        generation_id_or_member_epoch: identity.map_or(-1, |id| id.generation_or_epoch.number()),
        member_id: identity.map(|id| id.member_id.clone()).unwrap_or_default(),
        group_instance_id: identity.and_then(|id| id.instance_id.clone()),
        topics: topics.collect(),
        ..Default::default()
    }
}

/// The result of each commit.
pub(crate) fn commit_results(
    offsets: &[Commit<'_>],
    answer: &Answer<OffsetCommitResponse>,
) -> PartitionResults<()> {
    let by_id = answer.exchange.version >= BY_ID;
    // By topic first, so that few names and ids are compared.
    let mut codes: BTreeMap<(&str, Uuid), BTreeMap<i32, ErrorCode>> = BTreeMap::new();
    for topic in &answer.response.topics {
        let of_topic = codes.entry(match by_id {
            true => ("", topic.topic_id),
            false => (&*topic.name, Uuid::ZERO),
        });
        let of_topic = of_topic.or_default();
        // The first answer to a partition counts, here as everywhere.
        for found in &topic.partitions {
            let first = of_topic.entry(found.partition_index);
            first.or_insert(found.error_code);
        }
    }
    let code_of = |commit: &Commit<'_>| {
        let of_topic = codes.get(&match by_id {
            true => ("", commit.topic_id?),
            false => (commit.topic, Uuid::ZERO),
        });
        of_topic?.get(&commit.partition).copied()
    };
    let mut last: Option<Arc<str>> = None;
    let results = offsets.iter().map(|commit| {
        let known = last.take().filter(|last| **last == *commit.topic);
        let topic = last.insert(known.unwrap_or_else(|| commit.topic.into()));
        let partition = TopicPartition::new(Arc::clone(topic), commit.partition);
        let result = match code_of(commit) {
            Some(code) => answer.exchange.check(code, None),
            None => Err(answer.exchange.missing(format!("partition {partition}"))),
        };
        (partition, result.map_err(Arc::new))
    });
    PartitionResults::new(results.collect())
}
