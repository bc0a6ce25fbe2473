//! OffsetCommit: stores how far a group has read.
//!
//! Versions 2 to 10.
//!
//! Unlike Kafka: offsets do not expire.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic, OffsetCommitResponsePartition,
    OffsetCommitResponseTopic,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};

use super::call::{Answer, Call};
use super::commit::commit_request;
use super::handler::Api;
use crate::fault::Targets;
use crate::state::State;

commit_request!(
    OffsetCommitRequest: OffsetCommitRequestTopic, OffsetCommitRequestPartition
    => OffsetCommitResponse: OffsetCommitResponseTopic, OffsetCommitResponsePartition
);

impl Api for OffsetCommitRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetCommitResponse> {
        let mut state = call.lock();
        let committer = committer(&self, (call.version >= 9, call.version >= 10), None);
        let unknown = match committer.knows_epochs {
            true => ErrorCode::GROUP_ID_NOT_FOUND,
            false => ErrorCode::ILLEGAL_GENERATION,
        };
        let mut permission = None;
        Ok(Some(respond(&self, |topic, partition| {
            let offset = to_commit(topic, partition);
            let may_commit = |state: &mut State| {
                *permission.get_or_insert_with(|| {
                    state.check_coordinator(call.node(), &self.group_id)?;
                    committer.check(unknown, state)
                })
            };
            let committed = committer.commit(&offset, may_commit, call, &mut state);
            committed.err().unwrap_or(ErrorCode::NONE)
        })))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
        partitions_of(self, targets);
    }
}
