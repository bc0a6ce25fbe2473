//! CreateAcls: allows principals to do things, or denies it.
//!
//! Versions 1 to 3.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::create_acls::{AclCreation, AclCreationResult};
use libkafka_protocol::messages::{CreateAclsRequest, CreateAclsResponse};

use super::authorize::CLUSTER;
use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use crate::state::{
    ALLOW, ANY, Acl, MATCH, PREFIXED, UNKNOWN, check_host, operation, resource_type,
};

/// Kafka's message if there is no authorizer.
pub(super) const NO_AUTHORIZER: &str = "No Authorizer is configured.";

impl Api for CreateAclsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<CreateAclsResponse> {
        // Kafka fails to parse it.
        if self
            .creations
            .iter()
            .any(|asked| numbers(asked).contains(&UNKNOWN))
        {
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
        if self.creations.iter().any(is_several) {
            return Ok(Some(all(&self, ErrorCode::UNKNOWN_SERVER_ERROR, "")));
        }
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

/// The types of the resource and the pattern, the operation and the permission.
fn numbers(asked: &AclCreation) -> [i8; 4] {
    [
        asked.resource_type,
        asked.resource_pattern_type,
        asked.operation,
        asked.permission_type,
    ]
}

/// Whether it matches several entries, at which Kafka fails.
fn is_several(asked: &AclCreation) -> bool {
    numbers(asked).contains(&ANY) || asked.resource_pattern_type == MATCH
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
    // The last known value of each.
    let all = [
        ("resourceType", asked.resource_type, resource_type::USER),
        ("patternType", asked.resource_pattern_type, PREFIXED),
        ("operation", asked.operation, operation::TWO_PHASE_COMMIT),
        ("permissionType", asked.permission_type, ALLOW),
    ];
    let mut all = all.into_iter();
    if let Some((what, ..)) = all.find(|(_, number, last)| !(ANY..=*last).contains(number)) {
        return Err(format!("Invalid {what} UNKNOWN"));
    }
    if !asked.principal.contains(':') {
        return Err(format!(
            "Could not parse principal from `{}` (no colon is present separating the principal type from the principal name)",
            asked.principal
        ));
    }
    match asked.host.is_empty() {
        true => Err("Host pattern cannot be null or empty".to_owned()),
        false => check_host(&asked.host),
    }
}
