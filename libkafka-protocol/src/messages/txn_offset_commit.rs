use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 28,
    versions = "0-6",
    flexible = "3+",
    broker = "group_coordinator"
)]
pub struct TxnOffsetCommitRequest {
    pub transactional_id: String,
    pub group_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    #[kafka(versions = "3+", default = -1)]
    pub generation_id_or_member_epoch: i32,
    #[kafka(versions = "3+")]
    pub member_id: String,
    #[kafka(versions = "3+")]
    pub group_instance_id: Option<String>,
    pub topics: Vec<TxnOffsetCommitRequestTopic>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitRequestTopic {
    #[kafka(versions = "0-5", ignorable)]
    pub name: String,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<TxnOffsetCommitRequestPartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitRequestPartition {
    pub partition_index: i32,
    pub committed_offset: i64,
    #[kafka(versions = "2+", default = -1, ignorable)]
    pub committed_leader_epoch: i32,
    #[kafka(default = "")]
    pub committed_metadata: Option<String>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 28, versions = "0-6", flexible = "3+")]
pub struct TxnOffsetCommitResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<TxnOffsetCommitResponseTopic>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitResponseTopic {
    #[kafka(versions = "0-5", ignorable)]
    pub name: String,
    #[kafka(versions = "6+", ignorable)]
    pub topic_id: Uuid,
    pub partitions: Vec<TxnOffsetCommitResponsePartition>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TxnOffsetCommitResponsePartition {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
