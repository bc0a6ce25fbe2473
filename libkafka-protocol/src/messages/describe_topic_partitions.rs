use super::prelude::*;

pub use request::{DescribeTopicPartitionsRequest, TopicRequest};
pub use response::{
    DescribeTopicPartitionsResponse, DescribeTopicPartitionsResponsePartition,
    DescribeTopicPartitionsResponseTopic,
};

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Asks a broker for topics and their partitions, a page at a time and in the order of names.
    /// It says more than Metadata of replicas that may lead (KIP-966).
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 75, versions = "0", flexible = "0+")]
    pub struct DescribeTopicPartitionsRequest {
        /// None: all.
        pub topics: Vec<TopicRequest>,
        /// Partitions in an answer at most.
        #[kafka(default = 2000)]
        pub response_partition_limit: i32,
        /// Where to start; null: at the beginning.
        pub cursor: Option<Cursor>,
        pub unknown_tags: UnknownTags,
    }

    /// A topic asked for.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicRequest {
        pub name: String,
        pub unknown_tags: UnknownTags,
    }

    /// The first partition of a page.
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

    /// A page of partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 75, versions = "0", flexible = "0+")]
    pub struct DescribeTopicPartitionsResponse {
        pub throttle_time_ms: i32,
        pub topics: Vec<DescribeTopicPartitionsResponseTopic>,
        /// Where the next page starts; null: there is none.
        pub next_cursor: Option<Cursor>,
        pub unknown_tags: UnknownTags,
    }

    /// A topic and its partitions.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DescribeTopicPartitionsResponseTopic {
        pub error_code: ErrorCode,
        #[kafka(default = "")]
        pub name: Option<String>,
        pub topic_id: Uuid,
        /// Whether the topic is internal to Kafka, such as `__consumer_offsets`.
        pub is_internal: bool,
        pub partitions: Vec<DescribeTopicPartitionsResponsePartition>,
        /// A bit for each operation (by its ACL operation code) that the caller may do; `i32::MIN`:
        /// not asked for.
        #[kafka(default = -2147483648)]
        pub topic_authorized_operations: i32,
        pub unknown_tags: UnknownTags,
    }

    /// The leader of a partition, its followers, and the replicas that may lead.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct DescribeTopicPartitionsResponsePartition {
        pub error_code: ErrorCode,
        pub partition_index: i32,
        /// -1: no leader at the moment.
        pub leader_id: i32,
        /// -1: unknown.
        #[kafka(default = -1)]
        pub leader_epoch: i32,
        /// All replicas, the preferred leader first.
        pub replica_nodes: BrokerIds,
        /// Replicas that are in sync with the leader, it included.
        pub isr_nodes: BrokerIds,
        /// Replicas out of sync that have all committed records even so, and may lead; null: not
        /// told.
        pub eligible_leader_replicas: Option<BrokerIds>,
        /// Replicas that were eligible last and shut down uncleanly since; null: not included.
        pub last_known_elr: Option<BrokerIds>,
        /// Replicas whose broker or log directory is down.
        pub offline_replicas: BrokerIds,
        pub unknown_tags: UnknownTags,
    }

    /// The first partition of a page.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct Cursor {
        pub topic_name: String,
        pub partition_index: i32,
        pub unknown_tags: UnknownTags,
    }
}
