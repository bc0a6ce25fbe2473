use super::prelude::*;

/// Adds partitions to an open transaction before the first write to each. Up to v3 a producer sends
/// it for its own transaction; from v4 on brokers send it for several, to add or to verify. A
/// producer of `transaction.version` 2 needs it no longer, since Produce does the same.
///
/// - v2 accepts PRODUCER_FENCED in the response (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 carries several transactions: `transactions` replaces the fields of a single one
///   (KIP-890)
/// - v5 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 24,
    versions = "0-5",
    flexible = "3+",
    broker = "transaction_coordinator"
)]
pub struct AddPartitionsToTxnRequest {
    #[kafka(versions = "4+")]
    pub transactions: Vec<AddPartitionsToTxnTransaction>,
    #[kafka(versions = "0-3")]
    pub v3_and_below_transactional_id: String,
    #[kafka(versions = "0-3")]
    pub v3_and_below_producer_id: i64,
    #[kafka(versions = "0-3")]
    pub v3_and_below_producer_epoch: i16,
    #[kafka(versions = "0-3")]
    pub v3_and_below_topics: Vec<AddPartitionsToTxnTopic>,
    pub unknown_tags: UnknownTags,
}

/// A transaction and the partitions to add to it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AddPartitionsToTxnTransaction {
    pub transactional_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// Whether to check that the partitions are in the transaction already, and add nothing.
    pub verify_only: bool,
    pub topics: Vec<AddPartitionsToTxnTopic>,
    pub unknown_tags: UnknownTags,
}

/// A topic and its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AddPartitionsToTxnTopic {
    pub name: String,
    pub partitions: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether it is in the transaction now.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 may carry PRODUCER_FENCED (KIP-588)
/// - v3 is the first flexible version (KIP-482)
/// - v4 answers for several transactions and adds `error_code` at the top (KIP-890)
/// - v5 may carry TRANSACTION_ABORTABLE (KIP-890)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 24, versions = "0-5", flexible = "3+")]
pub struct AddPartitionsToTxnResponse {
    pub throttle_time_ms: i32,
    #[kafka(versions = "4+", ignorable)]
    pub error_code: ErrorCode,
    #[kafka(versions = "4+")]
    pub results_by_transaction: Vec<AddPartitionsToTxnResult>,
    #[kafka(versions = "0-3")]
    pub results_by_topic_v3_and_below: Vec<AddPartitionsToTxnTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one transaction.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AddPartitionsToTxnResult {
    pub transactional_id: String,
    pub topic_results: Vec<AddPartitionsToTxnTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AddPartitionsToTxnTopicResult {
    pub name: String,
    pub results_by_partition: Vec<AddPartitionsToTxnPartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct AddPartitionsToTxnPartitionResult {
    pub partition_index: i32,
    pub partition_error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
