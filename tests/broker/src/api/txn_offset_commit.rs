//! TxnOffsetCommit: how far a group has read, if the transaction is committed (KIP-98, KIP-447).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic, TxnOffsetCommitResponsePartition,
    TxnOffsetCommitResponseTopic,
};
use libkafka_protocol::messages::{TxnOffsetCommitRequest, TxnOffsetCommitResponse};

use super::{Answer, Api, Call};
use crate::fault::Target;
use crate::state::{Committed, Identity, ProducerId, State};

impl Api for TxnOffsetCommitRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<TxnOffsetCommitResponse> {
        let mut state = call.lock();
        let permission = may_commit(&self, call, &mut state);
        let response = respond(&self, |topic, partition| {
            let committed = permission.and_then(|()| {
                let name = state.topic_name(&topic.name, topic.topic_id)?.to_owned();
                if let Some(code) = call.strikes.error(&name, Some(partition.partition_index)) {
                    return Err(code);
                }
                commit(&self, &name, partition, &mut state)
            });
            committed.err().unwrap_or(ErrorCode::NONE)
        });
        state.touch();
        Ok(Some(response))
    }

    fn targets(&self) -> Vec<Target> {
        let topics = self.topics.iter();
        let partitions = topics.flat_map(|topic| topic.partitions.iter().map(move |p| (topic, p)));
        let partitions = partitions
            .map(|(topic, p)| Target::topic(&topic.name, topic.topic_id, Some(p.partition_index)));
        let ids = [&self.transactional_id, &self.group_id];
        let ids = ids.into_iter().map(|id| Target::Group(id.clone()));
        partitions.chain(ids).collect()
    }

    fn refuse(&self, code: ErrorCode) -> Option<TxnOffsetCommitResponse> {
        Some(respond(self, |_, _| code))
    }
}

fn may_commit(
    request: &TxnOffsetCommitRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let group = &request.group_id;
    if group.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID);
    }
    state.check_coordinator(call.node(), group)?;
    join_transaction(request, call, state)?;
    let who = Identity {
        member_id: &request.member_id,
        instance_id: request.group_instance_id.as_deref(),
    };
    let epoch = request.generation_id_or_member_epoch;
    let now = state.clock.now();
    match state.groups.get_mut(group) {
        Some(group) => group.check_commit(who, epoch, true, now),
        None if epoch < 0 => Ok(()),
        None => Err(ErrorCode::ILLEGAL_GENERATION),
    }
    .map_err(|code| match code {
        ErrorCode::STALE_MEMBER_EPOCH => ErrorCode::ILLEGAL_GENERATION,
        code => code,
    })
}

/// The group is to be in the transaction; from version 5 on it gets there by this very request.
fn join_transaction(
    request: &TxnOffsetCommitRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let id = &request.transactional_id;
    let group = &request.group_id;
    let producer = ProducerId {
        id: request.producer_id,
        epoch: request.producer_epoch,
    };
    let now = state.start();
    let joined = if call.version >= 5 {
        let transaction = state.transaction(id);
        transaction.and_then(|t| t.add(producer, [], Some(group), now))
    } else {
        state.verify_in_transaction(id, producer, |t| t.groups.contains(group))
    };
    joined.map_err(|code| match code {
        ErrorCode::PRODUCER_FENCED => ErrorCode::INVALID_PRODUCER_EPOCH,
        ErrorCode::TRANSACTION_ABORTABLE if call.version < 4 => ErrorCode::INVALID_TXN_STATE,
        code => code,
    })
}

fn commit(
    request: &TxnOffsetCommitRequest,
    topic: &str,
    asked: &TxnOffsetCommitRequestPartition,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let partition = state.partition(topic, asked.partition_index);
    partition.ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    let offset = Committed {
        offset: asked.committed_offset,
        leader_epoch: asked.committed_leader_epoch,
        metadata: state.offset_metadata(asked.committed_metadata.as_deref())?,
    };
    let group = state.groups.entry(request.group_id.clone()).or_default();
    let (producer, index) = (request.producer_id, asked.partition_index);
    group
        .offsets
        .commit_in_transaction(producer, topic, index, offset);
    Ok(())
}

/// A response with a code for each partition.
fn respond(
    request: &TxnOffsetCommitRequest,
    mut code: impl FnMut(&TxnOffsetCommitRequestTopic, &TxnOffsetCommitRequestPartition) -> ErrorCode,
) -> TxnOffsetCommitResponse {
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter();
        TxnOffsetCommitResponseTopic {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            partitions: partitions
                .map(|partition| TxnOffsetCommitResponsePartition {
                    partition_index: partition.partition_index,
                    error_code: code(topic, partition),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        }
    });
    TxnOffsetCommitResponse {
        topics: topics.collect(),
        ..Default::default()
    }
}
