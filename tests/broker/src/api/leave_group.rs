//! LeaveGroup.
//!
//! Versions 0 to 5.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::leave_group::MemberResponse;
use libkafka_protocol::messages::{LeaveGroupRequest, LeaveGroupResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::Identity;

impl Api for LeaveGroupRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<LeaveGroupResponse> {
        let mut state = call.lock();
        if self.group_id.is_empty() {
            return Ok(self.refuse(ErrorCode::INVALID_GROUP_ID));
        }
        if let Err(code) = state.check_coordinator(call.node(), &self.group_id) {
            return Ok(self.refuse(code));
        }
        if call.version < 3 {
            let who = Identity {
                member_id: &self.member_id,
                instance_id: None,
            };
            let left = leave(&self.group_id, &[who], &mut state).remove(0);
            return Ok(self.refuse(left.err().unwrap_or(ErrorCode::NONE)));
        }
        let who = self.members.iter().map(|member| Identity {
            member_id: &member.member_id,
            instance_id: member.group_instance_id.as_deref(),
        });
        let left = leave(&self.group_id, &who.collect::<Vec<_>>(), &mut state);
        let members = self.members.iter().zip(left);
        let members = members.map(|(who, left)| MemberResponse {
            member_id: who.member_id.clone(),
            group_instance_id: who.group_instance_id.clone(),
            error_code: left.err().unwrap_or(ErrorCode::NONE),
            ..Default::default()
        });
        Ok(Some(LeaveGroupResponse {
            members: members.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<LeaveGroupResponse> {
        Some(LeaveGroupResponse {
            error_code,
            ..Default::default()
        })
    }
}

fn leave(group: &str, who: &[Identity<'_>], state: &mut Locked<'_>) -> Vec<Result<(), ErrorCode>> {
    state.mark_changed();
    match state.group(group) {
        Some((group, mut context)) => group.leave_all(who, &mut context),
        None => vec![Err(ErrorCode::UNKNOWN_MEMBER_ID); who.len()],
    }
}
