//! OffsetCommit: how far a group has read.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic, OffsetCommitResponsePartition,
    OffsetCommitResponseTopic,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};

use super::{Answer, Api, Call};
use crate::fault::Target;
use crate::state::{Committed, Identity, State};

impl Api for OffsetCommitRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetCommitResponse> {
        let mut state = call.lock();
        if let Err(code) = may_commit(&self, call, &mut state) {
            return Ok(Some(respond(&self, |_, _| code)));
        }
        let response = respond(&self, |topic, partition| {
            let name = match state.topic_name(&topic.name, topic.topic_id) {
                Ok(name) => name.to_owned(),
                Err(code) => return code,
            };
            if let Some(code) = call.strikes.error(&name, Some(partition.partition_index)) {
                return code;
            }
            let committed = commit(&self.group_id, &name, partition, &mut state);
            committed.err().unwrap_or(ErrorCode::NONE)
        });
        Ok(Some(response))
    }

    fn targets(&self) -> Vec<Target> {
        let topics = self.topics.iter();
        let partitions = topics.flat_map(|topic| topic.partitions.iter().map(move |p| (topic, p)));
        let mut targets: Vec<Target> = partitions
            .map(|(topic, p)| Target::topic(&topic.name, topic.topic_id, Some(p.partition_index)))
            .collect();
        targets.push(Target::Group(self.group_id.clone()));
        targets
    }

    fn refuse(&self, _code: ErrorCode) -> Option<OffsetCommitResponse> {
        None
    }
}

fn may_commit(
    request: &OffsetCommitRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    state.check_coordinator(call.node(), &request.group_id)?;
    let who = Identity {
        member_id: &request.member_id,
        instance_id: request.group_instance_id.as_deref(),
    };
    let epoch = request.generation_id_or_member_epoch;
    let now = state.clock.now();
    match state.groups.get_mut(&request.group_id) {
        Some(group) => group.check_commit(who, epoch, false, now),
        // An unknown group is one that has no members, to which anybody may commit.
        None if epoch < 0 => Ok(()),
        None if call.version >= 9 => Err(ErrorCode::GROUP_ID_NOT_FOUND),
        None => Err(ErrorCode::ILLEGAL_GENERATION),
    }
}

fn commit(
    group: &str,
    topic: &str,
    asked: &OffsetCommitRequestPartition,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let partition = state.partition(topic, asked.partition_index);
    partition.ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    let offset = Committed {
        offset: asked.committed_offset,
        leader_epoch: asked.committed_leader_epoch,
        metadata: state.offset_metadata(asked.committed_metadata.as_deref())?,
    };
    let group = state.groups.entry(group.to_owned()).or_default();
    group.offsets.commit(topic, asked.partition_index, offset);
    Ok(())
}

/// A response with a code for each partition.
fn respond(
    request: &OffsetCommitRequest,
    mut code: impl FnMut(&OffsetCommitRequestTopic, &OffsetCommitRequestPartition) -> ErrorCode,
) -> OffsetCommitResponse {
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter();
        OffsetCommitResponseTopic {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            partitions: partitions
                .map(|partition| OffsetCommitResponsePartition {
                    partition_index: partition.partition_index,
                    error_code: code(topic, partition),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        }
    });
    OffsetCommitResponse {
        topics: topics.collect(),
        ..Default::default()
    }
}

impl State {
    /// What a client wants kept with an offset, if there is not too much of it.
    pub(super) fn offset_metadata(&self, metadata: Option<&str>) -> Result<String, ErrorCode> {
        let metadata = metadata.unwrap_or_default();
        let most = self.configs.number("offset.metadata.max.bytes", 4096);
        if i64::try_from(metadata.len()).unwrap_or(i64::MAX) > most {
            return Err(ErrorCode::OFFSET_METADATA_TOO_LARGE);
        }
        Ok(metadata.to_owned())
    }
}
