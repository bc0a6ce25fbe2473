//! TxnOffsetCommit: stores how far a group has read, once the transaction is committed (KIP-98,
//! KIP-447).
//!
//! Versions 0 to 6.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic, TxnOffsetCommitResponsePartition,
    TxnOffsetCommitResponseTopic,
};
use libkafka_protocol::messages::{TxnOffsetCommitRequest, TxnOffsetCommitResponse};

use super::call::{Answer, Call};
use super::commit::{Committer, commit_request};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{ProducerId, State};

commit_request!(
    TxnOffsetCommitRequest: TxnOffsetCommitRequestTopic, TxnOffsetCommitRequestPartition
    => TxnOffsetCommitResponse: TxnOffsetCommitResponseTopic, TxnOffsetCommitResponsePartition
);

impl Api for TxnOffsetCommitRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<TxnOffsetCommitResponse> {
        let mut state = call.lock();
        let committer = committer(&self, (false, call.version >= 6), Some(self.producer_id));
        let mut permission = None;
        let response = respond(&self, |topic, partition| {
            let offset = to_commit(topic, partition);
            let may_commit = |state: &mut State| {
                *permission.get_or_insert_with(|| may_commit(&self, &committer, call, state))
            };
            let committed = committer.commit(&offset, may_commit, call, &mut state);
            let code = committed.err().unwrap_or(ErrorCode::NONE);
            // Older versions do not know epochs.
            match code {
                ErrorCode::STALE_MEMBER_EPOCH if call.version < 6 => ErrorCode::ILLEGAL_GENERATION,
                code => code,
            }
        });
        state.mark_changed();
        Ok(Some(response))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids([&self.transactional_id]);
        targets.groups([&self.group_id]);
        partitions_of(self, targets);
    }

    fn refuse(&self, code: ErrorCode) -> Option<TxnOffsetCommitResponse> {
        Some(respond(self, |_, _| code))
    }
}

fn may_commit(
    request: &TxnOffsetCommitRequest,
    committer: &Committer<'_>,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let group = &request.group_id;
    if group.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID);
    }
    state.check_coordinator(call.node(), group)?;
    join_transaction(request, call, state)?;
    let unknown = match call.version {
        6.. => ErrorCode::GROUP_ID_NOT_FOUND,
        _ => ErrorCode::ILLEGAL_GENERATION,
    };
    committer.check(unknown, state)
}

/// Checks that the group is part of the transaction. From version 5 on, this request adds it.
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
        // As in Kafka, it takes in all groups of the same partition of `__consumer_offsets`.
        let added = state.transactions.get(id).map(|t| &t.groups);
        let place = state.offsets_partition(group);
        let mut added = added.into_iter().flatten();
        let is_added = added.any(|added| state.offsets_partition(added) == place);
        state.verify_in_transaction(id, producer, |_| is_added)
    };
    joined.map_err(|code| match code {
        ErrorCode::PRODUCER_FENCED => ErrorCode::INVALID_PRODUCER_EPOCH,
        ErrorCode::TRANSACTION_ABORTABLE if call.version < 4 => ErrorCode::INVALID_TXN_STATE,
        code => code,
    })
}
