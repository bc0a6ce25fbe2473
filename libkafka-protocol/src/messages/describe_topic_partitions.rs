use super::prelude::*;

pub use request::DescribeTopicPartitionsRequest;
pub use response::DescribeTopicPartitionsResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 75, versions = "0", flexible = "0+")]
    pub struct DescribeTopicPartitionsRequest {
        pub topics: Vec<TopicRequest>,
        #[kafka(default = 2000)]
        pub response_partition_limit: i32,
        pub cursor: Option<Cursor>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicRequest {
        pub name: String,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Cursor {
        pub topic_name: String,
        pub partition_index: i32,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 75, versions = "0", flexible = "0+")]
    pub struct DescribeTopicPartitionsResponse {
        pub throttle_time_ms: i32,
        pub topics: Vec<DescribeTopicPartitionsResponseTopic>,
        pub next_cursor: Option<Cursor>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DescribeTopicPartitionsResponseTopic {
        pub error_code: ErrorCode,
        #[kafka(default = "")]
        pub name: Option<String>,
        pub topic_id: Uuid,
        pub is_internal: bool,
        pub partitions: Vec<DescribeTopicPartitionsResponsePartition>,
        #[kafka(default = -2147483648)]
        pub topic_authorized_operations: i32,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DescribeTopicPartitionsResponsePartition {
        pub error_code: ErrorCode,
        pub partition_index: i32,
        pub leader_id: i32,
        #[kafka(default = -1)]
        pub leader_epoch: i32,
        pub replica_nodes: BrokerIds,
        pub isr_nodes: BrokerIds,
        pub eligible_leader_replicas: Option<BrokerIds>,
        pub last_known_elr: Option<BrokerIds>,
        pub offline_replicas: BrokerIds,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Cursor {
        pub topic_name: String,
        pub partition_index: i32,
        pub unknown_tags: UnknownTags,
    }
}
