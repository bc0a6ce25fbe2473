//! DeleteAcls.
//!
//! Versions 1 to 3.

use std::collections::BTreeSet;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::delete_acls::{
    DeleteAclsFilter, DeleteAclsFilterResult, DeleteAclsMatchingAcl,
};
use libkafka_protocol::messages::{DeleteAclsRequest, DeleteAclsResponse};

use super::call::{Answer, Call, Hangup};
use super::create_acls::NO_AUTHORIZER;
use super::handler::Api;
use crate::state::{Acl, AclFilter};

impl Api for DeleteAclsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DeleteAclsResponse> {
        let filters: Vec<AclFilter> = self.filters.iter().map(filter).collect();
        // Kafka fails to parse it.
        if filters.iter().any(AclFilter::has_unknown) {
            return Err(Hangup::ByBroker);
        }
        let mut state = call.lock();
        let Some(authorizer) = &mut state.authorizer else {
            return Ok(Some(all(
                &self,
                ErrorCode::SECURITY_DISABLED,
                NO_AUTHORIZER,
            )));
        };
        let mut filter_results = Vec::with_capacity(filters.len());
        let mut removed = BTreeSet::new();
        // An ACL that two filters match is in the results of both.
        for filter in &filters {
            let result = match filter.nonsense() {
                Some(what) => DeleteAclsFilterResult {
                    error_code: ErrorCode::INVALID_REQUEST,
                    error_message: Some(format!("Unknown {what}.")),
                    ..Default::default()
                },
                None => {
                    let mut matching_acls = Vec::new();
                    for acl in authorizer.matching(filter) {
                        call.grow(size_of::<DeleteAclsMatchingAcl>() + acl.size())?;
                        matching_acls.push(matching(acl));
                        removed.insert(acl.clone());
                    }
                    DeleteAclsFilterResult {
                        error_message: None,
                        matching_acls,
                        ..Default::default()
                    }
                }
            };
            filter_results.push(result);
        }
        authorizer.remove(&removed);
        Ok(Some(DeleteAclsResponse {
            filter_results,
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

fn matching(acl: &Acl) -> DeleteAclsMatchingAcl {
    DeleteAclsMatchingAcl {
        error_message: None,
        resource_type: acl.resource_type,
        resource_name: acl.name.clone(),
        pattern_type: acl.pattern_type,
        principal: acl.principal.clone(),
        host: acl.host.clone(),
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
