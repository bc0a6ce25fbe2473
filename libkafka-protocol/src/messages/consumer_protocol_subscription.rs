use super::prelude::*;

/// What a member of a classic consumer group tells the leader about itself: the `metadata` of
/// JoinGroup, after an int16 version ([`to_bytes`](Self::to_bytes),
/// [`from_bytes`](Self::from_bytes)). Not flexible in any version. A reader takes a version that
/// it does not know for the newest that it does, and leaves the rest unread.
///
/// - v1 adds `owned_partitions`, for cooperative rebalancing (KIP-429)
/// - v2 adds `generation_id` (KIP-792)
/// - v3 adds `rack_id` (KIP-881)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3")]
pub struct ConsumerProtocolSubscription {
    pub topics: Vec<String>,
    /// The assignor's own bytes.
    pub user_data: Option<Bytes>,
    /// What the member read before the rebalance.
    #[kafka(versions = "1+", ignorable)]
    pub owned_partitions: Vec<TopicPartition>,
    /// The generation that `owned_partitions` stem from; -1: none.
    #[kafka(versions = "2+", default = -1, ignorable)]
    pub generation_id: i32,
    /// Null: none.
    #[kafka(versions = "3+", ignorable)]
    pub rack_id: Option<String>,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartition {
    pub topic: String,
    pub partitions: Vec<i32>,
}
