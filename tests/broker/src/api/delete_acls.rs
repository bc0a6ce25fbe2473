//! DeleteAcls.
//!
//! Versions 1 to 3.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::delete_acls::{
    DeleteAclsFilter, DeleteAclsFilterResult, DeleteAclsMatchingAcl,
};
use libkafka_protocol::messages::{DeleteAclsRequest, DeleteAclsResponse};

use super::call::{Answer, Call};
use super::create_acls::NO_AUTHORIZER;
use super::handler::{Api, MALFORMED};
use crate::state::{Acl, AclFilter};

impl Api for DeleteAclsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DeleteAclsResponse> {
        let mut state = call.lock();
        let filters: Vec<AclFilter> = self.filters.iter().map(filter).collect();
        if filters.iter().any(AclFilter::is_unknown) {
            return Ok(Some(all(&self, ErrorCode::INVALID_REQUEST, MALFORMED)));
        }
        let Some(authorizer) = &mut state.authorizer else {
            return Ok(Some(all(
                &self,
                ErrorCode::SECURITY_DISABLED,
                NO_AUTHORIZER,
            )));
        };
        let results = filters.iter().map(|filter| DeleteAclsFilterResult {
            error_message: None,
            matching_acls: authorizer
                .remove(filter)
                .into_iter()
                .map(matching)
                .collect(),
            ..Default::default()
        });
        Ok(Some(DeleteAclsResponse {
            filter_results: results.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, code: ErrorCode) -> Option<DeleteAclsResponse> {
        Some(all(self, code, ""))
    }
}

fn filter(asked: &DeleteAclsFilter) -> AclFilter {
    AclFilter {
        resource_type: asked.resource_type_filter,
        name: asked.resource_name_filter.clone(),
        pattern_type: asked.pattern_type_filter,
        principal: asked.principal_filter.clone(),
        host: asked.host_filter.clone(),
        operation: asked.operation,
        permission: asked.permission_type,
    }
}

fn matching(acl: Acl) -> DeleteAclsMatchingAcl {
    DeleteAclsMatchingAcl {
        error_message: None,
        resource_type: acl.resource_type,
        resource_name: acl.name,
        pattern_type: acl.pattern_type,
        principal: acl.principal,
        host: acl.host,
        operation: acl.operation,
        permission_type: acl.permission,
        ..Default::default()
    }
}

fn all(request: &DeleteAclsRequest, error_code: ErrorCode, why: &str) -> DeleteAclsResponse {
    let results = request.filters.iter().map(|_| DeleteAclsFilterResult {
        error_code,
        error_message: Some(why.to_owned()).filter(|why| !why.is_empty()),
        ..Default::default()
    });
    DeleteAclsResponse {
        filter_results: results.collect(),
        ..Default::default()
    }
}
