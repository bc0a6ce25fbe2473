use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 11,
    versions = "0-9",
    flexible = "6+",
    broker = "group_coordinator"
)]
pub struct JoinGroupRequest {
    pub group_id: String,
    pub session_timeout_ms: i32,
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub rebalance_timeout_ms: i32,
    pub member_id: String,
    #[kafka(versions = "5+")]
    pub group_instance_id: Option<String>,
    pub protocol_type: String,
    pub protocols: Vec<JoinGroupRequestProtocol>,
    #[kafka(versions = "8+", ignorable)]
    pub reason: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct JoinGroupRequestProtocol {
    pub name: String,
    pub metadata: Bytes,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 11, versions = "0-9", flexible = "6+")]
pub struct JoinGroupResponse {
    #[kafka(versions = "2+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = -1)]
    pub generation_id: i32,
    #[kafka(versions = "7+", ignorable)]
    pub protocol_type: Option<String>,
    #[kafka(nullable = "7+", default = "")]
    pub protocol_name: Option<String>,
    pub leader: String,
    #[kafka(versions = "9+")]
    pub skip_assignment: bool,
    pub member_id: String,
    pub members: Vec<JoinGroupResponseMember>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct JoinGroupResponseMember {
    pub member_id: String,
    #[kafka(versions = "5+", ignorable)]
    pub group_instance_id: Option<String>,
    pub metadata: Bytes,
    pub unknown_tags: UnknownTags,
}
