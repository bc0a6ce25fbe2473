//! SyncGroup: returns each member's assignment.
//!
//! Versions 0 to 5.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{SyncGroupRequest, SyncGroupResponse};

use super::call::{Answer, Call};
use super::handler::{Api, own};
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::{Identity, Replies, Sync};

impl Api for SyncGroupRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<SyncGroupResponse> {
        let mut state = call.lock();
        let ticket = match sync(&self, call, &mut state) {
            Ok(ticket) => ticket,
            Err(code) => return Ok(self.refuse(code)),
        };
        let synced = call.wait_for(&mut state, ticket, Replies::take_sync)?;
        Ok(match synced {
            Ok(synced) => Some(SyncGroupResponse {
                protocol_type: synced.protocol_type,
                protocol_name: synced.protocol,
                assignment: synced.assignment,
                ..Default::default()
            }),
            Err(code) => self.refuse(code),
        })
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<SyncGroupResponse> {
        Some(SyncGroupResponse {
            error_code,
            ..Default::default()
        })
    }
}

/// Syncs, and returns the number of the answer.
fn sync(
    request: &SyncGroupRequest,
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Result<u64, ErrorCode> {
    if request.group_id.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID);
    }
    state.check_coordinator(call.node(), &request.group_id)?;
    // From version 5 on a member has to say what it takes the protocol for.
    if call.version >= 5 && (request.protocol_type.is_none() || request.protocol_name.is_none()) {
        return Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
    }
    let sync = Sync {
        who: Identity {
            member_id: &request.member_id,
            instance_id: request.group_instance_id.as_deref(),
        },
        generation: request.generation_id,
        protocol_type: request.protocol_type.as_deref(),
        protocol: request.protocol_name.as_deref(),
        assignments: request
            .assignments
            .iter()
            .map(|given| (given.member_id.clone(), own(&given.assignment)))
            .collect(),
    };
    let ticket = state.replies.ticket();
    let synced = match state.group(&request.group_id) {
        Some((group, mut context)) => group.sync(&sync, ticket, &mut context),
        None => Err(ErrorCode::UNKNOWN_MEMBER_ID),
    };
    if synced.is_err() {
        state.replies.abandon(ticket);
    }
    synced.map(|()| ticket)
}
