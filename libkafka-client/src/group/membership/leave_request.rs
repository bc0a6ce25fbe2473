//! `LeaveRequest`: a LeaveGroup request in any version.

use libkafka_protocol::messages::LeaveGroupRequest;
use libkafka_protocol::messages::leave_group::MemberIdentity;

/// A LeaveGroup request of one member, in any version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LeaveRequest {
    /// The id of the group.
    pub group_id: String,
    /// The id of the member; empty for a static member of which only the instance id is known.
    pub member_id: String,
    /// The `group.instance.id`, if it is a static member.
    pub instance_id: Option<String>,
    /// The reason for leaving (KIP-800).
    pub reason: Option<String>,
}

impl LeaveRequest {
    /// The request in this version: before version 3 the member is in another field (KIP-345).
    pub fn in_version(&self, version: i16) -> LeaveGroupRequest {
        let mut request = LeaveGroupRequest {
            group_id: self.group_id.clone(),
            ..Default::default()
        };
        if version < 3 {
            request.member_id.clone_from(&self.member_id);
        } else {
            request.members.push(MemberIdentity {
                member_id: self.member_id.clone(),
                group_instance_id: self.instance_id.clone(),
                reason: self.reason.clone(),
                ..Default::default()
            });
        }
        request
    }
}
