//! OffsetCommit: how far a group has read.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic, OffsetCommitResponsePartition,
    OffsetCommitResponseTopic,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};

use super::call::{Answer, Call};
use super::commit::{Committer, respond};
use super::handler::Api;
use crate::fault::Target;
use crate::state::Identity;

respond!(
    OffsetCommitRequest: OffsetCommitRequestTopic, OffsetCommitRequestPartition
    => OffsetCommitResponse: OffsetCommitResponseTopic, OffsetCommitResponsePartition
);

impl Api for OffsetCommitRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetCommitResponse> {
        let mut state = call.lock();
        let committer = Committer {
            group: &self.group_id,
            who: Identity {
                member_id: &self.member_id,
                instance_id: self.group_instance_id.as_deref(),
            },
            epoch: self.generation_id_or_member_epoch,
            knows_epochs: call.version >= 9,
            producer: None,
        };
        let unknown = match committer.knows_epochs {
            true => ErrorCode::GROUP_ID_NOT_FOUND,
            false => ErrorCode::ILLEGAL_GENERATION,
        };
        let coordinates = state.check_coordinator(call.node(), &self.group_id);
        let permission = coordinates.and_then(|()| committer.check(unknown, &mut state));
        Ok(Some(respond(&self, |topic, partition| {
            let offset = to_commit(topic, partition);
            let committed = permission.and_then(|()| committer.commit(&offset, call, &mut state));
            committed.err().unwrap_or(ErrorCode::NONE)
        })))
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
}
