//! CreateAcls: allows principals to do things, or denies it.
//!
//! Versions 1 to 3.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::create_acls::{AclCreation, AclCreationResult};
use libkafka_protocol::messages::{CreateAclsRequest, CreateAclsResponse};

use super::authorize::CLUSTER;
use super::call::{Answer, Call};
use super::handler::{Api, MALFORMED};
use crate::state::{ALLOW, ANY, Acl, DENY, LITERAL, PREFIXED, operation, resource_type};

/// Kafka's message if there is no authorizer.
pub(super) const NO_AUTHORIZER: &str = "No Authorizer is configured.";

impl Api for CreateAclsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<CreateAclsResponse> {
        let mut state = call.lock();
        if self.creations.iter().any(is_unknown) {
            return Ok(Some(all(&self, ErrorCode::INVALID_REQUEST, MALFORMED)));
        }
        if self.creations.iter().any(is_several) {
            return Ok(Some(all(&self, ErrorCode::UNKNOWN_SERVER_ERROR, "")));
        }
        let Some(authorizer) = &mut state.authorizer else {
            return Ok(Some(all(
                &self,
                ErrorCode::SECURITY_DISABLED,
                NO_AUTHORIZER,
            )));
        };
        let results = self.creations.into_iter().map(|asked| {
            let checked = check(&asked);
            let created = checked.and_then(|()| {
                let is_added = authorizer.add(Acl {
                    resource_type: asked.resource_type,
                    name: asked.resource_name,
                    pattern_type: asked.resource_pattern_type,
                    principal: asked.principal,
                    host: asked.host,
                    operation: asked.operation,
                    permission: asked.permission_type,
                });
                is_added
                    .then_some(())
                    .ok_or("There are too many ACLs".to_owned())
            });
            match created {
                Ok(()) => AclCreationResult::default(),
                Err(why) => AclCreationResult {
                    error_code: ErrorCode::INVALID_REQUEST,
                    error_message: Some(why),
                    ..Default::default()
                },
            }
        });
        Ok(Some(CreateAclsResponse {
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, code: ErrorCode) -> Option<CreateAclsResponse> {
        Some(all(self, code, ""))
    }
}

fn all(request: &CreateAclsRequest, error_code: ErrorCode, why: &str) -> CreateAclsResponse {
    let results = request.creations.iter().map(|_| AclCreationResult {
        error_code,
        error_message: Some(why.to_owned()).filter(|why| !why.is_empty()),
        ..Default::default()
    });
    CreateAclsResponse {
        results: results.collect(),
        ..Default::default()
    }
}

/// Whether it contains unknown values.
fn is_unknown(asked: &AclCreation) -> bool {
    !(0..=resource_type::USER).contains(&asked.resource_type)
        || !(0..=PREFIXED).contains(&asked.resource_pattern_type)
        || !(0..=operation::TWO_PHASE_COMMIT).contains(&asked.operation)
        || !(0..=ALLOW).contains(&asked.permission_type)
        || [
            asked.resource_type,
            asked.resource_pattern_type,
            asked.operation,
            asked.permission_type,
        ]
        .contains(&0)
}

/// Whether it stands for several entries, at which Kafka fails.
fn is_several(asked: &AclCreation) -> bool {
    asked.resource_type == ANY
        || ![LITERAL, PREFIXED].contains(&asked.resource_pattern_type)
        || ![DENY, ALLOW].contains(&asked.permission_type)
        || asked.operation == ANY
}

fn check(asked: &AclCreation) -> Result<(), String> {
    let name = asked.resource_name.as_str();
    if asked.resource_type == resource_type::CLUSTER && name != CLUSTER {
        return Err(format!(
            "The only valid name for the CLUSTER resource is {CLUSTER}"
        ));
    }
    if name.is_empty() {
        return Err("Invalid empty resource name".to_owned());
    }
    if !asked.principal.contains(':') {
        return Err(format!(
            "Could not parse principal from `{}` (no colon is present separating the principal type from the principal name)",
            asked.principal
        ));
    }
    Ok(())
}
