//! `Committed`: a committed offset, and the request and response for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse};
use libkafka_protocol::{ErrorCode, Uuid, Versions};

use super::membership::{GenerationOrEpoch, MemberIdentity};
use super::offset_commit::BY_ID;
use crate::cluster::Topology;
use crate::error::Error;
use crate::exchange::Answer;
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;
use crate::wire_value::known;

/// A committed offset of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Committed {
    /// The offset of the record to read next.
    pub offset: i64,
    /// The epoch of the leader that wrote the record before it, if it was committed with the
    /// offset.
    pub leader_epoch: Option<i32>,
    /// The text that was committed with the offset.
    pub metadata: Option<String>,
}

/// Which offsets to request, and how.
pub(crate) struct Question<'a> {
    pub(crate) group_id: &'a str,
    pub(crate) identity: Option<&'a MemberIdentity>,
    /// `None` for all.
    pub(crate) partitions: Option<&'a [TopicPartition]>,
    pub(crate) require_stable: bool,
    /// Knows the ids of the topics, if they are to be requested by id.
    pub(crate) topology: Option<&'a Topology>,
}

/// The answer about one partition.
type Found = (ErrorCode, Option<Committed>);

impl Question<'_> {
    /// The versions that support this. From version 10 on topics are identified only by id.
    pub(crate) fn versions(&self) -> Versions {
        let epoch = self.identity.map(|identity| identity.generation_or_epoch);
        let min = match (epoch, self.partitions) {
            (Some(GenerationOrEpoch::Epoch(_)), _) => 9,
            (_, None) => 2,
            (_, Some(_)) => 0,
        };
        let ids = self
            .partitions
            .unwrap_or_default()
            .iter()
            .map(|p| self.id_of(&p.topic));
        let has_ids = self.partitions.is_some() && ids.clone().all(|id| id.is_some());
        Versions::new(min, if has_ids { i16::MAX } else { BY_ID - 1 })
    }

    fn id_of(&self, topic: &str) -> Option<Uuid> {
        self.topology?.topic(topic)?.topic_id
    }

    pub(crate) fn request(&self, version: i16) -> OffsetFetchRequest {
        let topics = self.partitions.map(|partitions| {
            let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
            for partition in partitions {
                let of_topic = topics.entry(&partition.topic).or_default();
                of_topic.push(partition.partition);
            }
            topics
        });
        let mut request = OffsetFetchRequest {
            require_stable: self.require_stable && version >= 7,
            ..Default::default()
        };
        if version < 8 {
            request.group_id = self.group_id.to_owned();
            request.topics = topics.map(|topics| {
                let topics = topics.into_iter();
                let topic = |(name, partition_indexes): (&str, _)| OffsetFetchRequestTopic {
                    name: name.to_owned(),
                    partition_indexes,
                    ..Default::default()
                };
                topics.map(topic).collect()
            });
            return request;
        }
        let topic = |(name, partition_indexes): (&str, _)| OffsetFetchRequestTopics {
            name: name.to_owned(),
            topic_id: self.id_of(name).unwrap_or_default(),
            partition_indexes,
            ..Default::default()
        };
        let mut group = OffsetFetchRequestGroup {
            group_id: self.group_id.to_owned(),
            topics: topics.map(|topics| topics.into_iter().map(topic).collect()),
            ..Default::default()
        };
        if let Some(identity) = self.identity
            && let GenerationOrEpoch::Epoch(epoch) = identity.generation_or_epoch
        {
            group.member_id = Some(identity.member_id.clone());
            group.member_epoch = epoch;
        }
        request.groups.push(group);
        request
    }

    /// The result of each requested partition, or of all that have a committed offset.
    ///
    /// # Errors
    /// [`Error::Broker`] if the coordinator refused the group as a whole.
    pub(crate) fn results(
        &self,
        answer: Answer<OffsetFetchResponse>,
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        let Answer { response, exchange } = answer;
        let by_id = exchange.version >= BY_ID;
        let read = read(response, self.group_id, |name, id| match by_id {
            true => self.topology?.topic_name(id).cloned(),
            false => Some(name.into()),
        });
        let (code, mut found) =
            read.ok_or_else(|| exchange.missing(format!("group {}", self.group_id)))?;
        exchange.check(code, None)?;
        let result = |(code, committed): Found| {
            let checked = exchange.check(code, None);
            checked.map(|()| committed).map_err(Arc::new)
        };
        let results = match self.partitions {
            None => found
                .into_iter()
                .map(|(partition, found)| (partition, result(found)))
                .collect(),
            Some(partitions) => partitions
                .iter()
                .map(|partition| match found.remove(partition) {
                    Some(found) => (partition.clone(), result(found)),
                    None => {
                        let missing = exchange.missing(format!("partition {partition}"));
                        (partition.clone(), Err(Arc::new(missing)))
                    }
                })
                .collect(),
        };
        Ok(PartitionResults::new(results))
    }
}

/// The error code of the group, and the answers about partitions, in any version; `None` if the
/// response is about another group.
fn read(
    response: OffsetFetchResponse,
    group_id: &str,
    name_of: impl Fn(&str, Uuid) -> Option<Arc<str>>,
) -> Option<(ErrorCode, BTreeMap<TopicPartition, Found>)> {
    let mut all = BTreeMap::new();
    let mut found = |topic: &Arc<str>, partition, code, offset: i64, epoch: i32, metadata| {
        let committed = Committed {
            offset,
            leader_epoch: known(epoch),
            metadata,
        };
        let committed = (offset >= 0).then_some(committed);
        let partition = TopicPartition::new(Arc::clone(topic), partition);
        all.insert(partition, (code, committed));
    };
    let mut code = response.error_code;
    // As it is before version 8, or else from it on.
    for topic in response.topics {
        let name: Arc<str> = topic.name.into();
        for p in topic.partitions {
            let (offset, epoch) = (p.committed_offset, p.committed_leader_epoch);
            found(
                &name,
                p.partition_index,
                p.error_code,
                offset,
                epoch,
                p.metadata,
            );
        }
    }
    if !response.groups.is_empty() {
        let mut groups = response.groups.into_iter();
        let group = groups.find(|group| group.group_id == group_id)?;
        code = group.error_code;
        for topic in group.topics {
            let Some(name) = name_of(&topic.name, topic.topic_id) else {
                continue;
            };
            for p in topic.partitions {
                let (offset, epoch) = (p.committed_offset, p.committed_leader_epoch);
                found(
                    &name,
                    p.partition_index,
                    p.error_code,
                    offset,
                    epoch,
                    p.metadata,
                );
            }
        }
    }
    Some((code, all))
}
