use super::prelude::*;

pub use request::ConsumerGroupHeartbeatRequest;
pub use response::ConsumerGroupHeartbeatResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(
        api_key = 68,
        versions = "0-1",
        flexible = "0+",
        broker = "group_coordinator"
    )]
    pub struct ConsumerGroupHeartbeatRequest {
        pub group_id: String,
        pub member_id: String,
        pub member_epoch: i32,
        pub instance_id: Option<String>,
        pub rack_id: Option<String>,
        #[kafka(default = -1)]
        pub rebalance_timeout_ms: i32,
        pub subscribed_topic_names: Option<Vec<String>>,
        #[kafka(versions = "1+")]
        pub subscribed_topic_regex: Option<String>,
        pub server_assignor: Option<String>,
        pub topic_partitions: Option<Vec<TopicPartitions>>,
        pub unknown_tags: UnknownTags,
    }

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

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 68, versions = "0-1", flexible = "0+")]
    pub struct ConsumerGroupHeartbeatResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub error_message: Option<String>,
        pub member_id: Option<String>,
        pub member_epoch: i32,
        pub heartbeat_interval_ms: i32,
        pub assignment: Option<Assignment>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Assignment {
        pub topic_partitions: Vec<TopicPartitions>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicPartitions {
        pub topic_id: Uuid,
        pub partitions: Vec<i32>,
        pub unknown_tags: UnknownTags,
    }
}
