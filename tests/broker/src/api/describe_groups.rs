//! DescribeGroups: classic groups and their members.
//!
//! Versions 0 to 6.
//!

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_groups::{DescribedGroup, DescribedGroupMember};
use libkafka_protocol::messages::{DescribeGroupsRequest, DescribeGroupsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Classic, Phase, State, resource_type};

/// Every operation on a group, one bit each, as a broker without an authorizer answers (KIP-430).
pub(super) const GROUP_OPERATIONS: i32 = 0b1101_0100_1000;

impl Api for DescribeGroupsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeGroupsResponse> {
        let state = call.lock();
        for id in &self.groups {
            let group = state.groups.get(id).and_then(|group| group.classic());
            let members = group.map_or(0, Classic::described_size);
            call.grow(size_of::<DescribedGroup>() + id.len() + members)?;
        }
        let groups = self.groups.iter().map(|id| {
            let operations = if self.include_authorized_operations {
                call.operations(&state, GROUP_OPERATIONS, resource_type::GROUP, id)
            } else {
                i32::MIN
            };
            let described = describe(id, call, &state);
            match described.error_code {
                ErrorCode::NONE => DescribedGroup {
                    authorized_operations: operations,
                    ..described
                },
                _ => described,
            }
        });
        Ok(Some(DescribeGroupsResponse {
            groups: groups.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups(&self.groups);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeGroupsResponse> {
        let groups = self.groups.iter();
        Some(DescribeGroupsResponse {
            groups: groups.map(|id| refused(id, error_code, None)).collect(),
            ..Default::default()
        })
    }
}

fn refused(id: &str, error_code: ErrorCode, error_message: Option<String>) -> DescribedGroup {
    DescribedGroup {
        error_code,
        error_message,
        group_id: id.to_owned(),
        ..Default::default()
    }
}

fn describe(id: &str, call: &Call<'_>, state: &State) -> DescribedGroup {
    if let Err(code) = state.check_coordinator(call.node(), id) {
        return refused(id, code, None);
    }
    let group = state.groups.get(id);
    if let Some(members) = group.and_then(|group| group.classic()) {
        return described(id, members);
    }
    let dead = "Dead".to_owned();
    if call.version < 6 {
        return DescribedGroup {
            group_state: dead,
            ..refused(id, ErrorCode::NONE, None)
        };
    }
    let why = match group {
        Some(_) => format!("Group {id} is not a classic group."),
        None => format!("Group {id} not found."),
    };
    DescribedGroup {
        group_state: dead,
        ..refused(id, ErrorCode::GROUP_ID_NOT_FOUND, Some(why))
    }
}

fn described(id: &str, group: &Classic) -> DescribedGroup {
    // Before the group has agreed, there is nothing to tell of what its members can do.
    let agreed = group.phase == Phase::Stable;
    let members = group.members.iter();
    DescribedGroup {
        group_id: id.to_owned(),
        group_state: group.phase.name().to_owned(),
        protocol_type: group.protocol_type.clone().unwrap_or_default(),
        protocol_data: group
            .protocol
            .clone()
            .filter(|_| agreed)
            .unwrap_or_default(),
        members: members
            .map(|member| DescribedGroupMember {
                member_id: member.id.clone(),
                group_instance_id: member.instance_id.clone(),
                client_id: member.client_id.clone(),
                client_host: member.client_host.clone(),
                member_metadata: if agreed {
                    group.metadata_of(member)
                } else {
                    Default::default()
                },
                member_assignment: member.assignment.clone(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    }
}
