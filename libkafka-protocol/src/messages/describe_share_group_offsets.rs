use super::prelude::*;

/// Asks the coordinator where share groups stand in their partitions (KIP-932).
///
/// - v1 accepts `lag` in the response (KIP-1226)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 90,
    versions = "0-1",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct DescribeShareGroupOffsetsRequest {
    pub groups: Vec<DescribeShareGroupOffsetsRequestGroup>,
    pub unknown_tags: UnknownTags,
}

/// A group and what to describe of it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeShareGroupOffsetsRequestGroup {
    pub group_id: String,
    /// Null: everything that the group reads.
    #[kafka(default = [])]
    pub topics: Option<Vec<DescribeShareGroupOffsetsRequestTopic>>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeShareGroupOffsetsRequestTopic {
    pub topic_name: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// Where each group stands.
///
/// - v1 adds `lag` (KIP-1226)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 90, versions = "0-1", flexible = "0+")]
pub struct DescribeShareGroupOffsetsResponse {
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribeShareGroupOffsetsResponseGroup>,
    pub unknown_tags: UnknownTags,
}

/// Where one group stands.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeShareGroupOffsetsResponseGroup {
    pub group_id: String,
    pub topics: Vec<DescribeShareGroupOffsetsResponseTopic>,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// The group's offsets in one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeShareGroupOffsetsResponseTopic {
    pub topic_name: String,
    pub topic_id: Uuid,
    pub partitions: Vec<DescribeShareGroupOffsetsResponsePartition>,
    pub unknown_tags: UnknownTags,
}

/// The group's offset in one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeShareGroupOffsetsResponsePartition {
    pub partition_index: i32,
    /// The first offset that is not finished; -1: not known yet.
    pub start_offset: i64,
    pub leader_epoch: i32,
    /// Records that are still to be delivered; -1: unknown.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub lag: i64,
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
