use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 8,
    versions = "2-10",
    flexible = "8+",
    broker = "group_coordinator"
)]
pub struct OffsetCommitRequest {
    pub group_id: String,
    #[kafka(default = -1)]
    pub generation_id_or_member_epoch: i32,
    pub member_id: String,
    #[kafka(versions = "7+")]
    pub group_instance_id: Option<String>,
    #[kafka(versions = "2-4", default = -1, ignorable)]
    pub retention_time_ms: i64,
    pub topics: Vec<OffsetCommitRequestTopic>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitRequestTopic {
    #[kafka(versions = "0-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetCommitRequestPartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitRequestPartition {
    pub partition_index: i32,
    pub committed_offset: i64,
    #[kafka(versions = "6+", default = -1, ignorable)]
    pub committed_leader_epoch: i32,
    #[kafka(default = "")]
    pub committed_metadata: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 8, versions = "2-10", flexible = "8+")]
pub struct OffsetCommitResponse {
    #[kafka(versions = "3+", ignorable)]
    pub throttle_time_ms: i32,
    pub topics: Vec<OffsetCommitResponseTopic>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitResponseTopic {
    #[kafka(versions = "0-9", ignorable)]
    pub name: String,
    #[kafka(versions = "10+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetCommitResponsePartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct OffsetCommitResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
