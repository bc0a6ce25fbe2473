use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 13,
    versions = "0-5",
    flexible = "4+",
    broker = "group_coordinator"
)]
pub struct LeaveGroupRequest {
    pub group_id: String,
    #[kafka(versions = "0-2")]
    pub member_id: String,
    #[kafka(versions = "3+")]
    pub members: Vec<MemberIdentity>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MemberIdentity {
    pub member_id: String,
    pub group_instance_id: Option<String>,
    #[kafka(versions = "5+", ignorable)]
    pub reason: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 13, versions = "0-5", flexible = "4+")]
pub struct LeaveGroupResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(versions = "3+")]
    pub members: Vec<MemberResponse>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct MemberResponse {
    pub member_id: String,
    #[kafka(default = "")]
    pub group_instance_id: Option<String>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
