use super::prelude::*;

pub use request::ConsumerGroupHeartbeatRequest;
pub use response::{Assignment, ConsumerGroupHeartbeatResponse};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Joins, keeps alive and leaves a group of the consumer protocol, all in one: what has changed
    /// goes along with the heartbeat (KIP-848).
    ///
    /// - v1 adds `subscribed_topic_regex` (KIP-848), and has the consumer draw its own `member_id`
    ///   (KIP-1082)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(
        api_key = 68,
        versions = "0-1",
        flexible = "0+",
        broker = "group_coordinator"
    )]
    pub struct ConsumerGroupHeartbeatRequest {
        pub group_id: String,
        /// A uuid that the consumer keeps for as long as it runs; in v0 empty for a new member.
        pub member_id: String,
        /// The last epoch received; 0: join; -1: leave; -2: leave for a while, as a static member.
        pub member_epoch: i32,
        /// The `group.instance.id` of a static member; null: unchanged, or a dynamic member.
        pub instance_id: Option<String>,
        /// Null: unchanged, or none.
        pub rack_id: Option<String>,
        /// Milliseconds that the member has for giving up partitions; -1: unchanged.
        #[kafka(default = -1)]
        pub rebalance_timeout_ms: i32,
        /// Null: unchanged.
        pub subscribed_topic_names: Option<Vec<String>>,
        /// In RE2 syntax, resolved by the coordinator; null: unchanged, or none.
        #[kafka(versions = "1+")]
        pub subscribed_topic_regex: Option<String>,
        /// Such as `uniform` or `range`; null: unchanged, or as the coordinator chooses.
        pub server_assignor: Option<String>,
        /// What the member owns now; null: unchanged.
        pub topic_partitions: Option<Vec<TopicPartitions>>,
        pub unknown_tags: UnknownTags,
    }

    /// A topic and its partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicPartitions {
        pub topic_id: Uuid,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// The member's epoch and, when it has changed, its assignment. The member gives up what is
    /// missing from it, says so, and gets the rest in a later answer.
    ///
    /// - v1 may carry INVALID_REGULAR_EXPRESSION (KIP-848)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 68, versions = "0-1", flexible = "0+")]
    pub struct ConsumerGroupHeartbeatResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub error_message: Option<String>,
        /// In v0 the id that the coordinator drew for a new member.
        pub member_id: Option<String>,
        /// For the next heartbeat.
        pub member_epoch: i32,
        /// Milliseconds to wait before the next heartbeat.
        pub heartbeat_interval_ms: i32,
        /// All partitions that the member may read; null: unchanged.
        pub assignment: Option<Assignment>,
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
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }
}
