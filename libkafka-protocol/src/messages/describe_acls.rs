use super::prelude::*;

/// Lists the ACLs that match a filter.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 knows the resource type `user` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 29, versions = "1-3", flexible = "2+")]
pub struct DescribeAclsRequest {
    /// 1: any; 2: topic; 3: group; 4: cluster; 5: transactional id; 6: delegation token; 7: user.
    pub resource_type_filter: i8,
    /// Null: any.
    #[kafka(default = "")]
    pub resource_name_filter: Option<String>,
    /// 1: any; 2: whatever applies to the name; 3: the exact name; 4: a prefix.
    #[kafka(default = 3)]
    pub pattern_type_filter: i8,
    /// Such as `User:alice`; null: any.
    #[kafka(default = "")]
    pub principal_filter: Option<String>,
    /// Null: any.
    #[kafka(default = "")]
    pub host_filter: Option<String>,
    /// 1: any; else the code of an ACL operation.
    pub operation: i8,
    /// 1: any; 2: deny; 3: allow.
    pub permission_type: i8,
    pub unknown_tags: UnknownTags,
}

/// The ACLs found, by resource.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 knows the resource type `user` (KIP-373)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 29, versions = "1-3", flexible = "2+")]
pub struct DescribeAclsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub resources: Vec<DescribeAclsResource>,
    pub unknown_tags: UnknownTags,
}

/// A resource and its ACLs.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeAclsResource {
    /// 2: topic; 3: group; 4: cluster; 5: transactional id; 6: delegation token; 7: user.
    pub resource_type: i8,
    pub resource_name: String,
    /// 3: the exact name; 4: a prefix.
    #[kafka(default = 3)]
    pub pattern_type: i8,
    pub acls: Vec<AclDescription>,
    pub unknown_tags: UnknownTags,
}

/// Who may, or may not, do what.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AclDescription {
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
