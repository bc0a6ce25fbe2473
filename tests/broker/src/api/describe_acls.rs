//! DescribeAcls: lists ACLs.
//!
//! Versions 1 to 3.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_acls::{AclDescription, DescribeAclsResource};
use libkafka_protocol::messages::{DescribeAclsRequest, DescribeAclsResponse};

use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use crate::state::AclFilter;

/// Kafka's message if there is no authorizer.
const NO_AUTHORIZER: &str = "No Authorizer is configured on the broker";

impl Api for DescribeAclsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeAclsResponse> {
        let state = call.lock();
        let refuse = |error_code, why: &str| DescribeAclsResponse {
            error_code,
            error_message: Some(why.to_owned()),
            ..Default::default()
        };
        let filter = AclFilter {
            resource_type: self.resource_type_filter,
            name: self.resource_name_filter,
            pattern_type: self.pattern_type_filter,
            principal: self.principal_filter,
            host: self.host_filter,
            operation: self.operation,
            permission: self.permission_type,
        };
        // Kafka fails to parse it.
        if filter.has_unknown() {
            return Err(Hangup::ByBroker);
        }
        let Some(authorizer) = &state.authorizer else {
            return Ok(Some(refuse(ErrorCode::SECURITY_DISABLED, NO_AUTHORIZER)));
        };
        let mut resources: Vec<DescribeAclsResource> = Vec::new();
        for acl in authorizer.matching(&filter) {
            call.grow(size_of::<DescribeAclsResource>() + acl.size())?;
            let description = AclDescription {
                principal: acl.principal.clone(),
                host: acl.host.clone(),
                operation: acl.operation,
                permission_type: acl.permission,
                ..Default::default()
            };
            match resources.last_mut() {
                Some(last)
                    if (last.resource_type, last.pattern_type, &last.resource_name)
                        == (acl.resource_type, acl.pattern_type, &acl.name) =>
                {
                    last.acls.push(description);
                }
                _ => resources.push(DescribeAclsResource {
                    resource_type: acl.resource_type,
                    resource_name: acl.name.clone(),
                    pattern_type: acl.pattern_type,
                    acls: vec![description],
                    ..Default::default()
                }),
            }
        }
        Ok(Some(DescribeAclsResponse {
            resources,
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeAclsResponse> {
        Some(DescribeAclsResponse {
            error_code,
            error_message: None,
            ..Default::default()
        })
    }
}
