//! Heartbeat: a member reports that it is alive, and is told whether to join again.
//!
//! Versions 0 to 4.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{HeartbeatRequest, HeartbeatResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Identity, State};

impl Api for HeartbeatRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<HeartbeatResponse> {
        let heard = heartbeat(&self, call, &mut call.lock());
        Ok(self.refuse(heard.err().unwrap_or(ErrorCode::NONE)))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<HeartbeatResponse> {
        Some(HeartbeatResponse {
            error_code,
            ..Default::default()
        })
    }
}

fn heartbeat(
    request: &HeartbeatRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    if request.group_id.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID);
    }
    state.check_coordinator(call.node(), &request.group_id)?;
    let who = Identity {
        member_id: &request.member_id,
        instance_id: request.group_instance_id.as_deref(),
    };
    let now = state.clock.now();
    let group = state.groups.get_mut(&request.group_id);
    let group = group.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
    group.heartbeat(who, request.generation_id, now)
}
