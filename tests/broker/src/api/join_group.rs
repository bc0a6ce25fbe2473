//! JoinGroup: makes the sender a member, or a member of the next generation.
//!
//! Versions 0 to 9.

use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::join_group::JoinGroupResponseMember;
use libkafka_protocol::messages::{JoinGroupRequest, JoinGroupResponse};

use super::call::{Answer, Call};
use super::handler::{Api, own};
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::{Identity, Join, JoinRefused, Joined, Replies};

impl Api for JoinGroupRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<JoinGroupResponse> {
        let mut state = call.lock();
        let ticket = match join(&self, call, &mut state) {
            Ok(ticket) => ticket,
            Err(refusal) => return Ok(Some(self.refused(refusal, call.version))),
        };
        let joined = call.wait_for(&mut state, ticket, Replies::take_join)?;
        Ok(Some(match joined {
            Ok(joined) => accepted(joined, call.version),
            Err(code) => self.refused(code.into(), call.version),
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, code: ErrorCode) -> Option<JoinGroupResponse> {
        Some(self.refused(code.into(), 0))
    }
}

trait Refused {
    fn refused(&self, refusal: JoinRefused, version: i16) -> JoinGroupResponse;
}

impl Refused for JoinGroupRequest {
    fn refused(&self, refusal: JoinRefused, version: i16) -> JoinGroupResponse {
        JoinGroupResponse {
            error_code: refusal.code,
            // Not null before version 7.
            protocol_name: (version < 7).then(String::new),
            member_id: refusal.member_id.unwrap_or_else(|| self.member_id.clone()),
            ..Default::default()
        }
    }
}

/// Joins, and returns the number of the answer.
fn join(
    request: &JoinGroupRequest,
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Result<u64, JoinRefused> {
    if request.group_id.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID.into());
    }
    state.check_coordinator(call.node(), &request.group_id)?;
    let least = state.configs.number("group.min.session.timeout.ms", 6_000);
    let most = state
        .configs
        .number("group.max.session.timeout.ms", 1_800_000);
    if !(least..=most).contains(&i64::from(request.session_timeout_ms)) {
        return Err(ErrorCode::INVALID_SESSION_TIMEOUT.into());
    }
    let is_new = request.member_id.is_empty();
    if !is_new && !state.groups.contains_key(&request.group_id) {
        return Err(ErrorCode::UNKNOWN_MEMBER_ID.into());
    }
    let initial_delay = "group.initial.rebalance.delay.ms";
    let milliseconds = |ms: i32| Duration::from_millis(ms.max(0) as u64);
    let session_timeout = milliseconds(request.session_timeout_ms);
    let join = Join {
        who: Identity {
            member_id: &request.member_id,
            instance_id: request.group_instance_id.as_deref(),
        },
        client_id: call.header.client_id.as_deref().unwrap_or_default(),
        client_host: call.peer.host(),
        protocol_type: &request.protocol_type,
        protocols: request
            .protocols
            .iter()
            .map(|protocol| (protocol.name.clone(), own(&protocol.metadata)))
            .collect(),
        session_timeout,
        // Version 0 has one timeout for both.
        rebalance_timeout: match request.rebalance_timeout_ms {
            ms if ms < 0 => session_timeout,
            ms => milliseconds(ms),
        },
        id_first: call.version >= 4,
        initial_delay: state.configs.milliseconds(initial_delay, 0),
    };
    let ticket = state.replies.ticket();
    let (group, mut context) = state.group_or_new(&request.group_id);
    match group.join(join, ticket, &mut context) {
        Ok(()) => Ok(ticket),
        Err(refused) => {
            context.replies.abandon(ticket);
            Err(refused)
        }
    }
}

fn accepted(mut joined: Joined, version: i16) -> JoinGroupResponse {
    let skip_assignment = joined.former_leader.is_some() && version >= 9;
    if let Some(former) = joined.former_leader.filter(|_| version < 9) {
        // It does not know that it may have nothing to say; so somebody else leads.
        joined.leader = former;
        joined.members.clear();
    }
    let members = joined.members.into_iter();
    JoinGroupResponse {
        generation_id: joined.generation,
        protocol_type: joined.protocol_type,
        protocol_name: Some(joined.protocol.unwrap_or_default()),
        leader: joined.leader,
        skip_assignment,
        member_id: joined.member_id,
        members: members
            .map(
                |(member_id, group_instance_id, metadata)| JoinGroupResponseMember {
                    member_id,
                    group_instance_id,
                    metadata,
                    ..Default::default()
                },
            )
            .collect(),
        ..Default::default()
    }
}
