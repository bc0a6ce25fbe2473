//! [`Committer`]: what OffsetCommit and TxnOffsetCommit have in common.

use libkafka_protocol::{ErrorCode, Uuid};

use super::call::Call;
use crate::state::{Committed, Identity, State};

/// The member or producer that commits offsets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Committer<'a> {
    pub(super) group: &'a str,
    pub(super) who: Identity<'a>,
    pub(super) epoch: i32,
    /// Whether its version of the request supports the epochs of members of KIP-848.
    pub(super) knows_epochs: bool,
    /// Whether its version of the request has the ids of topics.
    pub(super) names_by_id: bool,
    /// The producer whose transaction the offsets belong to.
    pub(super) producer: Option<i64>,
}

/// An offset to commit.
pub(super) struct OffsetToCommit<'a> {
    pub(super) topic: (&'a str, Uuid),
    pub(super) partition: i32,
    pub(super) offset: i64,
    pub(super) leader_epoch: i32,
    pub(super) metadata: Option<&'a str>,
}

impl Committer<'_> {
    /// Whether it may commit anything.
    pub(super) fn check(&self, unknown: ErrorCode, state: &mut State) -> Result<(), ErrorCode> {
        let now = state.clock.now();
        let transactional = self.producer.is_some();
        match state.groups.get_mut(self.group) {
            Some(group) if transactional || self.knows_epochs || !group.has_epochs(self.who) => {
                group.check_commit(self.who, self.epoch, transactional, now)
            }
            Some(_) => Err(ErrorCode::UNSUPPORTED_VERSION),
            // An unknown group is one that has no members, to which anybody may commit.
            None if self.epoch < 0 => Ok(()),
            None => Err(unknown),
        }
    }

    /// Commits an offset, if `permission` is granted, which is only requested if there is a
    /// partition to commit for.
    pub(super) fn commit(
        &self,
        offset: &OffsetToCommit<'_>,
        permission: impl FnOnce(&mut State) -> Result<(), ErrorCode>,
        call: &Call<'_>,
        state: &mut State,
    ) -> Result<(), ErrorCode> {
        let (name, id) = offset.topic;
        if self.names_by_id && id.is_zero() {
            return Err(ErrorCode::UNKNOWN_TOPIC_ID);
        }
        let topic = state.topic_name(name, id)?.to_owned();
        if let Some(code) = call.strikes.error(&topic, Some(offset.partition)) {
            return Err(code);
        }
        let found = state.topics.get(&topic);
        let found = found.filter(|found| found.partition(offset.partition).is_some());
        let id = found.ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?.id;
        permission(state)?;
        // A group comes to be even if nothing is kept of what is committed.
        let (group, _) = state.group_or_new(self.group);
        group.check_commit_of((id, offset.partition), self.who, self.epoch)?;
        let metadata = state.offset_metadata(offset.metadata)?;
        let committed = Committed {
            offset: offset.offset,
            leader_epoch: offset.leader_epoch,
            metadata,
        };
        let (group, _) = state.group_or_new(self.group);
        let offsets = &mut group.offsets;
        match self.producer {
            None => offsets.commit(&topic, offset.partition, committed),
            Some(id) => offsets.commit_in_transaction(id, &topic, offset.partition, committed),
        }
        Ok(())
    }
}

impl State {
    /// The metadata to store with an offset, unless it is too long.
    fn offset_metadata(&self, metadata: Option<&str>) -> Result<String, ErrorCode> {
        let metadata = metadata.unwrap_or_default();
        let most = self.configs.number("offset.metadata.max.bytes", 4096);
        if i64::try_from(metadata.len()).unwrap_or(i64::MAX) > most {
            return Err(ErrorCode::OFFSET_METADATA_TOO_LARGE);
        }
        Ok(metadata.to_owned())
    }
}

/// Defines what both handlers do with their requests and responses, which have the same shape but
/// different types.
macro_rules! commit_request {
    ($request:ident: $asked_topic:ident, $asked:ident => $response:ident: $topic:ident, $partition:ident) => {
        /// A response with a code for each partition.
        fn respond(
            request: &$request,
            mut code: impl FnMut(&$asked_topic, &$asked) -> ErrorCode,
        ) -> $response {
            let topics = request.topics.iter().map(|topic| {
                let partitions = topic.partitions.iter().map(|partition| $partition {
                    partition_index: partition.partition_index,
                    error_code: code(topic, partition),
                    ..Default::default()
                });
                $topic {
                    name: topic.name.clone(),
                    topic_id: topic.topic_id,
                    partitions: partitions.collect(),
                    ..Default::default()
                }
            });
            $response {
                topics: topics.collect(),
                ..Default::default()
            }
        }

        /// The sender of such a request.
        fn committer(
            request: &$request,
            (knows_epochs, names_by_id): (bool, bool),
            producer: Option<i64>,
        ) -> super::commit::Committer<'_> {
            super::commit::Committer {
                group: &request.group_id,
                who: crate::state::Identity {
                    member_id: &request.member_id,
                    instance_id: request.group_instance_id.as_deref(),
                },
                epoch: request.generation_id_or_member_epoch,
                knows_epochs,
                names_by_id,
                producer,
            }
        }

        /// Adds the partitions of such a request.
        fn partitions_of(request: &$request, targets: &mut crate::fault::Targets) {
            for topic in &request.topics {
                let partitions = topic.partitions.iter().map(|p| p.partition_index);
                targets.partitions(&topic.name, topic.topic_id, partitions);
            }
        }

        /// Converts an offset of such a request.
        fn to_commit<'a>(
            topic: &'a $asked_topic,
            partition: &'a $asked,
        ) -> super::commit::OffsetToCommit<'a> {
            super::commit::OffsetToCommit {
                topic: (&topic.name, topic.topic_id),
                partition: partition.partition_index,
                offset: partition.committed_offset,
                leader_epoch: partition.committed_leader_epoch,
                metadata: partition.committed_metadata.as_deref(),
            }
        }
    };
}
pub(super) use commit_request;
