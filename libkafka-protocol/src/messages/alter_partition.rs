use super::prelude::*;

pub use request::AlterPartitionRequest;
pub use response::AlterPartitionResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 56, versions = "2-3", flexible = "0+", broker = "controller")]
    pub struct AlterPartitionRequest {
        pub broker_id: i32,
        #[kafka(default = -1)]
        pub broker_epoch: i64,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub leader_epoch: i32,
        #[kafka(versions = "0-2")]
        pub new_isr: BrokerIds,
        #[kafka(versions = "3+")]
        pub new_isr_with_epochs: Vec<BrokerState>,
        pub leader_recovery_state: i8,
        pub partition_epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct BrokerState {
        pub broker_id: i32,
        #[kafka(default = -1)]
        pub broker_epoch: i64,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 56, versions = "2-3", flexible = "0+")]
    pub struct AlterPartitionResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub isr: BrokerIds,
        pub leader_recovery_state: i8,
        pub partition_epoch: i32,
        pub unknown_tags: UnknownTags,
    }
}
