use super::prelude::*;

/// What the leader of a classic consumer group hands to a member: the `assignment` of SyncGroup,
/// after an int16 version ([`to_bytes`](Self::to_bytes), [`from_bytes`](Self::from_bytes)). Not
/// flexible in any version.
///
/// - v1-3 change nothing here; the versions go with those of the subscription
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3")]
pub struct ConsumerProtocolAssignment {
    /// All partitions that the member may read.
    pub assigned_partitions: Vec<TopicPartition>,
    /// The assignor's own bytes.
    pub user_data: Option<Bytes>,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartition {
    pub topic: String,
    pub partitions: Vec<i32>,
}
