//! ListGroups: lists the groups of one coordinator.
//!
//! Versions 0 to 5.
//!
//! Unlike Kafka: share groups and streams groups are not supported.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::list_groups::ListedGroup;
use libkafka_protocol::messages::{ListGroupsRequest, ListGroupsResponse};

use super::authorize::CLUSTER;
use super::call::{Answer, Call};
use super::handler::Api;
use crate::state::{operation, resource_type};

impl Api for ListGroupsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<ListGroupsResponse> {
        let state = call.lock();
        let wanted = |filter: &[String], value: &str| {
            let mut filter = filter.iter().peekable();
            filter.peek().is_none() || filter.any(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        let ours = state
            .groups
            .iter()
            .filter(|(id, _)| state.check_coordinator(call.node(), id).is_ok());
        let may = |kind, name| call.may(&state, operation::DESCRIBE, kind, name);
        let may_all = may(resource_type::CLUSTER, CLUSTER);
        let ours = ours.filter(|(id, _)| may_all || may(resource_type::GROUP, id));
        let groups = ours.map(|(id, group)| ListedGroup {
            group_id: id.clone(),
            protocol_type: group.protocol_type().to_owned(),
            group_state: group.state_name().to_owned(),
            group_type: group.type_name().to_owned(),
            ..Default::default()
        });
        let groups = groups.filter(|group| {
            wanted(&self.states_filter, &group.group_state)
                && wanted(&self.types_filter, &group.group_type)
        });
        Ok(Some(ListGroupsResponse {
            groups: groups.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ListGroupsResponse> {
        Some(ListGroupsResponse {
            error_code,
            ..Default::default()
        })
    }
}
