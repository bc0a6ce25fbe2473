//! LeaveGroup.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::leave_group::{MemberIdentity, MemberResponse};
use libkafka_protocol::messages::{LeaveGroupRequest, LeaveGroupResponse};

use super::{Answer, Api, Call};
use crate::fault::Target;
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
            let who = MemberIdentity {
                member_id: self.member_id.clone(),
                ..Default::default()
            };
            let left = leave(&self.group_id, &who, &mut state);
            return Ok(self.refuse(left.err().unwrap_or(ErrorCode::NONE)));
        }
        let members = self.members.iter();
        let members = members
            .map(|who| MemberResponse {
                member_id: who.member_id.clone(),
                group_instance_id: who.group_instance_id.clone(),
                error_code: leave(&self.group_id, who, &mut state)
                    .err()
                    .unwrap_or(ErrorCode::NONE),
                ..Default::default()
            })
            .collect();
        Ok(Some(LeaveGroupResponse {
            members,
            ..Default::default()
        }))
    }

    fn targets(&self) -> Vec<Target> {
        vec![Target::Group(self.group_id.clone())]
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<LeaveGroupResponse> {
        Some(LeaveGroupResponse {
            error_code,
            ..Default::default()
        })
    }
}

fn leave(group: &str, who: &MemberIdentity, state: &mut Locked<'_>) -> Result<(), ErrorCode> {
    let now = state.clock.now();
    state.touch();
    let state = &mut **state;
    let group = state.groups.get_mut(group);
    let group = group.ok_or(ErrorCode::UNKNOWN_MEMBER_ID)?;
    let who = Identity {
        member_id: &who.member_id,
        instance_id: who.group_instance_id.as_deref(),
    };
    group.members.leave(who, now, &mut state.replies)?;
    Ok(())
}
