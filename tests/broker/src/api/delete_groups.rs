//! DeleteGroups.
//!
//! Versions 0 to 3.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::delete_groups::DeletableGroupResult;
use libkafka_protocol::messages::{DeleteGroupsRequest, DeleteGroupsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::State;

impl Api for DeleteGroupsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DeleteGroupsResponse> {
        let mut state = call.lock();
        Ok(Some(respond(&self.groups_names, |id| {
            let deleted = delete(id, call, &mut state);
            deleted.err().unwrap_or(ErrorCode::NONE)
        })))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups(&self.groups_names);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DeleteGroupsResponse> {
        Some(respond(&self.groups_names, |_| error_code))
    }
}

fn delete(id: &str, call: &Call<'_>, state: &mut State) -> Result<(), ErrorCode> {
    state.check_coordinator(call.node(), id)?;
    let group = state.groups.get(id).ok_or(ErrorCode::GROUP_ID_NOT_FOUND)?;
    if group.state_name() != "Empty" {
        return Err(ErrorCode::NON_EMPTY_GROUP);
    }
    state.groups.remove(id);
    Ok(())
}

fn respond(ids: &[String], mut code: impl FnMut(&str) -> ErrorCode) -> DeleteGroupsResponse {
    let results = ids.iter().map(|id| {
        let error_code = code(id);
        DeletableGroupResult {
            group_id: id.clone(),
            error_code,
            ..Default::default()
        }
    });
    DeleteGroupsResponse {
        results: results.collect(),
        ..Default::default()
    }
}
