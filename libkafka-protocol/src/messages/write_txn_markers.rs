use super::prelude::*;

/// Writes the commit or abort markers of ended transactions. The transaction coordinator sends it
/// to the leaders of the partitions, and an admin tool may send it to abort a hanging transaction
/// (KIP-664).
///
/// - v2 adds `transaction_version` (KIP-1228)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 27, versions = "1-2", flexible = "1+", broker = "leader")]
pub struct WriteTxnMarkersRequest {
    pub markers: Vec<WritableTxnMarker>,
    pub unknown_tags: UnknownTags,
}

/// The outcome of one transaction.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WritableTxnMarker {
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// True: commit; false: abort.
    pub transaction_result: bool,
    pub topics: Vec<WritableTxnMarkerTopic>,
    /// The leader epoch of the coordinator's partition; fences coordinators of the past.
    pub coordinator_epoch: i32,
    /// The `transaction.version` that the transaction ran under; from 2 on the epoch is checked
    /// more strictly.
    #[kafka(versions = "2+", ignorable)]
    pub transaction_version: i8,
    pub unknown_tags: UnknownTags,
}

/// A topic and the partitions to mark.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WritableTxnMarkerTopic {
    pub name: String,
    pub partition_indexes: Vec<i32>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition whether its marker was written.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 27, versions = "1-2", flexible = "1+")]
pub struct WriteTxnMarkersResponse {
    pub markers: Vec<WritableTxnMarkerResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one transaction.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WritableTxnMarkerResult {
    pub producer_id: i64,
    pub topics: Vec<WritableTxnMarkerTopicResult>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WritableTxnMarkerTopicResult {
    pub name: String,
    pub partitions: Vec<WritableTxnMarkerPartitionResult>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct WritableTxnMarkerPartitionResult {
    pub partition_index: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
