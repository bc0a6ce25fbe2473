use super::prelude::*;

/// Adds ACLs. Those that exist already stay as they are.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 knows the resource type `user` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 30, versions = "1-3", flexible = "2+")]
pub struct CreateAclsRequest {
    pub creations: Vec<AclCreation>,
    pub unknown_tags: UnknownTags,
}

/// Who may, or may not, do what to which resource.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AclCreation {
    /// 2: topic; 3: group; 4: cluster; 5: transactional id; 6: delegation token; 7: user.
    pub resource_type: i8,
    pub resource_name: String,
    /// 3: the exact name; 4: a prefix.
    #[kafka(default = 3)]
    pub resource_pattern_type: i8,
    /// Such as `User:alice`; `User:*` is everybody.
    pub principal: String,
    /// `*` is anywhere.
    pub host: String,
    /// 2: all; 3: read; 4: write; 5: create; 6: delete; 7: alter; 8: describe; 9: cluster action;
    /// 10: describe configs; 11: alter configs; 12: idempotent write; 13: create tokens; 14:
    /// describe tokens; 15: two-phase commit.
    pub operation: i8,
    /// 2: deny; 3: allow.
    pub permission_type: i8,
    pub unknown_tags: UnknownTags,
}

/// Says for each ACL, in the order of the request, whether it is in force.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 knows the resource type `user` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 30, versions = "1-3", flexible = "2+")]
pub struct CreateAclsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<AclCreationResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one ACL.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AclCreationResult {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
