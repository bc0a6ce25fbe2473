use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 14,
    versions = "0-5",
    flexible = "4+",
    broker = "group_coordinator"
)]
pub struct SyncGroupRequest {
    pub group_id: String,
    pub generation_id: i32,
    pub member_id: String,
    #[kafka(versions = "3+")]
    pub group_instance_id: Option<String>,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_type: Option<String>,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_name: Option<String>,
    pub assignments: Vec<SyncGroupRequestAssignment>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SyncGroupRequestAssignment {
    pub member_id: String,
    pub assignment: Bytes,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 14, versions = "0-5", flexible = "4+")]
pub struct SyncGroupResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_type: Option<String>,
    #[kafka(versions = "5+", ignorable)]
    pub protocol_name: Option<String>,
    pub assignment: Bytes,
    pub unknown_tags: UnknownTags,
}
