use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 15,
    versions = "0-6",
    flexible = "5+",
    broker = "group_coordinator"
)]
pub struct DescribeGroupsRequest {
    pub groups: Vec<String>,
    #[kafka(versions = "3+")]
    pub include_authorized_operations: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 15, versions = "0-6", flexible = "5+")]
pub struct DescribeGroupsResponse {
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroup {
    pub error_code: ErrorCode,
    #[kafka(versions = "6+")]
    pub error_message: Option<String>,
    pub group_id: String,
    pub group_state: String,
    pub protocol_type: String,
    pub protocol_data: String,
    pub members: Vec<DescribedGroupMember>,
    #[kafka(versions = "3+", default = -2147483648)]
    pub authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroupMember {
    pub member_id: String,
    #[kafka(versions = "4+", ignorable)]
    pub group_instance_id: Option<String>,
    pub client_id: String,
    pub client_host: String,
    pub member_metadata: Bytes,
    pub member_assignment: Bytes,
    pub unknown_tags: UnknownTags,
}
