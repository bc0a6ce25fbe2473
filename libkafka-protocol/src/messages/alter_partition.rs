use super::prelude::*;

pub use request::{AlterPartitionRequest, BrokerState};
pub use response::AlterPartitionResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Tells the controller which replicas are in sync. The leader of a partition sends it when one
    /// falls behind or has caught up (KIP-497).
    ///
    /// - v3 sends the epoch of each broker along: `new_isr_with_epochs` replaces `new_isr`
    ///   (KIP-903)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 56, versions = "2-3", flexible = "0+", broker = "controller")]
    pub struct AlterPartitionRequest {
        pub broker_id: i32,
        #[kafka(default = -1)]
        pub broker_epoch: i64,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// A topic and the partitions to change.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The new in-sync replicas of one partition.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub leader_epoch: i32,
        #[kafka(versions = "0-2")]
        pub new_isr: BrokerIds,
        #[kafka(versions = "3+")]
        pub new_isr_with_epochs: Vec<BrokerState>,
        /// 1: the leader is recovering from an unclean election; 0: it is not.
        pub leader_recovery_state: i8,
        /// The version that the change starts from; the controller refuses it when there is a newer
        /// one.
        pub partition_epoch: i32,
        pub unknown_tags: UnknownTags,
    }

    /// A broker that is in sync.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct BrokerState {
        pub broker_id: i32,
        /// Fences a broker that has restarted since; -1: no check.
        #[kafka(default = -1)]
        pub broker_epoch: i64,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// Each partition as it stands with the controller.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 56, versions = "2-3", flexible = "0+")]
    pub struct AlterPartitionResponse {
        pub throttle_time_ms: i32,
        pub error_code: ErrorCode,
        pub topics: Vec<TopicData>,
        pub unknown_tags: UnknownTags,
    }

    /// The results of one topic.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct TopicData {
        pub topic_id: Uuid,
        pub partitions: Vec<PartitionData>,
        pub unknown_tags: UnknownTags,
    }

    /// The result of one partition.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct PartitionData {
        pub partition_index: i32,
        pub error_code: ErrorCode,
        pub leader_id: i32,
        pub leader_epoch: i32,
        pub isr: BrokerIds,
        /// 1: the leader is recovering from an unclean election; 0: it is not.
        pub leader_recovery_state: i8,
        /// The version of the partition from now on.
        pub partition_epoch: i32,
        pub unknown_tags: UnknownTags,
    }
}
