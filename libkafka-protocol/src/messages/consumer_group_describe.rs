use super::prelude::*;

/// Asks the coordinator for the state and the members of groups of the consumer protocol (KIP-848).
///
/// - v1 accepts the type of each member in the response (KIP-1099)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 69,
    versions = "0-1",
    flexible = "0+",
    broker = "group_coordinator"
)]
pub struct ConsumerGroupDescribeRequest {
    pub group_ids: Vec<String>,
    pub include_authorized_operations: bool,
    pub unknown_tags: UnknownTags,
}

/// State and members of each group.
///
/// - v1 adds `member_type` (KIP-1099)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 69, versions = "0-1", flexible = "0+")]
pub struct ConsumerGroupDescribeResponse {
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
    pub unknown_tags: UnknownTags,
}

/// A group of the consumer protocol.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribedGroup {
    pub error_code: ErrorCode,
    pub error_message: Option<String>,
    pub group_id: String,
    /// Such as `Stable`, `Assigning`, `Reconciling`, `Empty` or `Dead`; empty on error.
    pub group_state: String,
    /// Increases whenever members or subscriptions change.
    pub group_epoch: i32,
    /// The group epoch that the target assignment was computed for.
    pub assignment_epoch: i32,
    pub assignor_name: String,
    pub members: Vec<Member>,
    /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`: not
    /// asked for.
    #[kafka(default = -2147483648)]
    pub authorized_operations: i32,
    pub unknown_tags: UnknownTags,
}

/// A member of the group.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Member {
    pub member_id: String,
    /// The id of a static member, its `group.instance.id`; null: a dynamic member.
    pub instance_id: Option<String>,
    /// Null: none.
    pub rack_id: Option<String>,
    pub member_epoch: i32,
    pub client_id: String,
    /// The address that the member connects from.
    pub client_host: String,
    pub subscribed_topic_names: Vec<String>,
    /// Null: none.
    pub subscribed_topic_regex: Option<String>,
    /// What the member has now.
    pub assignment: Assignment,
    /// What it is to have once all members have caught up.
    pub target_assignment: Assignment,
    /// 0: on the classic protocol; 1: on the consumer protocol; -1: unknown.
    #[kafka(versions = "1+", default = -1, ignorable)]
    pub member_type: i8,
    pub unknown_tags: UnknownTags,
}

/// The partitions of a member.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct Assignment {
    pub topic_partitions: Vec<TopicPartitions>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartitions {
    pub topic_id: Uuid,
    pub topic_name: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}
